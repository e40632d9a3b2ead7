import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { KNOWN_SETTINGS } from '#platform/known-settings';
import { TRUST_ROOT_FILE } from '#snap';
import { BackupError } from './errors.js';

/** The embedded server's own: a new one makes its own. Secret settings are written again from the database. */
const OF_THIS_MACHINE = /^(database-owner$|setting\.)/;

/** Whatever the home keeps as a secret, by the files' names. Dot files are not ours. @throws BackupError `not-supported` */
export function readSecretFiles(folder: string): Promise<Record<string, string>> {
  return readFolder(folder, (name) => !name.startsWith('.') && !OF_THIS_MACHINE.test(name));
}

/** What the worker reads of HOLDFAST_TRUST_ROOTS. @throws BackupError `not-supported` */
export function readTrustRoots(folder: string | undefined): Promise<Record<string, string>> {
  return folder === undefined
    ? Promise.resolve({})
    : readFolder(folder, (name) => TRUST_ROOT_FILE.test(name));
}

/** The files of a flat folder that are asked for. */
async function readFolder(folder: string, ours: (name: string) => boolean): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const name of (await readdir(folder)).filter(ours).sort()) {
    const file = path.join(folder, name);
    // A secret that is just being written has a passing name.
    const there = await stat(file).catch(absent);
    const bytes = there?.isFile() ? await readFile(file).catch(absent) : undefined;
    if (bytes !== undefined) files[name] = textOf(bytes, file);
  }
  return files;
}

/** Other bytes would be replaced without a word, and the file would come back as another one. */
function textOf(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new BackupError(
      'not-supported',
      `${file} is no text in UTF-8, and a backup keeps only such: move it away, or write it anew`,
      { cause },
    );
  }
}

/** A person's session is no setting of the site. */
const NOT_THE_SITES = new Set(['HOLDFAST_TOKEN', 'HOLDFAST_URL']);

/** The settings that are in force for this process: whoever backs up gives it the environment that the servers get. */
export function settingsIn(env: NodeJS.ProcessEnv): Record<string, string> {
  const set = ['BLOBS_URL', 'EVENTSTORE_URL', ...KNOWN_SETTINGS]
    .filter((name) => !NOT_THE_SITES.has(name))
    .map((name) => [name, env[name]] as const);
  return Object.fromEntries(set.filter((pair): pair is readonly [string, string] => Boolean(pair[1])));
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined;
  throw error;
}
