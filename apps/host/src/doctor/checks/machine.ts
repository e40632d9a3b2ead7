import { statfs } from 'node:fs/promises';
import { sentenceOf } from '#kernel';
import type { TimeSynchronisation } from '#platform/time-synchronisation/sources';
import { fail, ok, warn, type Finding } from '../finding.js';

const NODE_MAJOR = 24;
const MIB = 1024 * 1024;
/** Less is next to nothing: a write may fail at any moment. */
const LEAST_BYTES = 256 * MIB;
/** Less is little: time to make room. */
const LITTLE_BYTES = 2048 * MIB;

/** @param version as `process.versions.node` says it */
export function judgeNode(version: string): Finding {
  const check = 'node';
  if (Number(version.split('.')[0]) >= NODE_MAJOR) return ok(check, `Node ${version}`);
  const todo = `run Holdfast with Node ${NODE_MAJOR}: "npm ci" brings it along as node_modules/.bin/node`;
  return fail(check, `Node ${version} is too old`, todo);
}

/** Room on the disk of each folder. */
export function checkDisks(folders: Readonly<Record<string, string>>): Promise<Finding[]> {
  return Promise.all(
    Object.entries(folders).map(async ([name, folder]) => {
      try {
        const { bavail, bsize } = await statfs(folder);
        return judgeSpace(name, folder, bavail * bsize);
      } catch (error) {
        const todo = 'see to it that the folder is there and can be read';
        return fail(`disk: ${name}`, `${folder}: ${sentenceOf(error)}`, todo);
      }
    }),
  );
}

/** @param free bytes that the folder's disk has left for ordinary accounts */
export function judgeSpace(name: string, folder: string, free: number): Finding {
  const check = `disk: ${name}`;
  const says = `${Math.floor(free / MIB)} MiB are free for ${folder}`;
  const todo = 'make room on that disk, or move the folder to a larger one';
  if (free < LEAST_BYTES) return fail(check, says, todo);
  return free < LITTLE_BYTES ? warn(check, says, todo) : ok(check, says);
}

/** The name of {@link judgeSynchronisation}'s finding. */
export const SYNCHRONISATION = 'clock: synchronisation';

/** Whether the clock of this machine follows a time server: every event carries it. */
export function judgeSynchronisation({ state, source }: TimeSynchronisation): Finding {
  const todo = 'have it follow a time server (chrony, systemd-timesyncd)';
  switch (state) {
    case 'synchronised':
      return ok(SYNCHRONISATION, `it follows a time server, says ${source}`);
    case 'not-synchronised':
      return fail(SYNCHRONISATION, `it follows no time server, says ${source}`, todo);
    case 'unknown': {
      const says = 'neither chrony nor systemd says whether it follows a time server';
      return warn(SYNCHRONISATION, says, `${todo}; in a container, see to the clock of its host`);
    }
  }
}
