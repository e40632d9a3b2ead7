import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { DISKS, type Disk } from '../kinds.js';

const run = promisify(execFile);

/** How large a small disk is, in MiB: more than a few rounds need. */
const MEBIBYTES: Readonly<Record<Disk, number>> = {
  pg: 512,
  kept: 128,
  cache: 64,
  ledger: 32,
  'ledger-second': 4,
  spool: 4,
};

const INSIDE = '--in-own-mounts';

/** Whether this process has mounts of its own, which nobody else sees and which go when its last process does. */
export function hasOwnMounts(argv: readonly string[]): boolean {
  return argv.includes(INSIDE);
}

/** @throws Error when this user may not mount anything */
export function refuseWithoutRoot(): void {
  if (process.getuid?.() === 0) return;
  throw new Error(
    'a small disk for a folder is a mount, and mounting takes root: run this as root, best in a container',
  );
}

/** Runs this very program again, in a mount namespace of its own. @returns its exit code */
export async function againWithOwnMounts(program: string, argv: readonly string[]): Promise<number> {
  const args = ['--mount', '--propagation', 'private', process.execPath, program, INSIDE, ...argv];
  const child = spawn('unshare', args, { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

export function withoutMark(argv: readonly string[]): string[] {
  return argv.filter((word) => word !== INSIDE);
}

/** Makes each folder of the home a small disk. */
export async function mountDisks(home: string): Promise<void> {
  for (const disk of DISKS) {
    const target = path.join(home, disk);
    await mkdir(target, { recursive: true });
    const options = `size=${MEBIBYTES[disk]}m,mode=755`;
    await run('mount', ['-t', 'tmpfs', '-o', options, 'holdfast', target]);
  }
}

/** @param copies where to leave what was on them, if anywhere: they are gone with the last process */
export async function unmountDisks(home: string, copies: string | undefined): Promise<void> {
  for (const disk of DISKS) {
    const target = path.join(home, disk);
    if (copies !== undefined) await run('cp', ['-a', target, copies]);
    await run('umount', ['--lazy', target]);
  }
}
