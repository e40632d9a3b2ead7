import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { missingFrom, type NoSnapRig, type SnapRig } from './rig.js';
import { packSnap } from './squashfs-snap.js';

const run = promisify(execFile);

/** What the daemon wants besides the rig and the machine lacks, for the name of a skipped suite; undefined when it can run. */
export async function missingForDaemon(rig: SnapRig | NoSnapRig): Promise<string | undefined> {
  const missing = missingFrom(rig);
  if (missing !== undefined) return missing;
  if (process.getuid?.() !== 0) return 'root';
  for (const program of ['xdelta3', 'openssl'])
    if (!(await exists(`/usr/bin/${program}`))) return `the program ${program}`;
  // Of the same package are the folders that the daemon's own are mounted over.
  if (!(await exists('/usr/lib/snapd/snap-seccomp'))) return 'the Debian package snapd';
  return (await canMountSnaps()) ? undefined : 'the right to mount in a namespace, or a loop device,';
}

/** Tries what the daemon will do. */
async function canMountSnaps(): Promise<boolean> {
  const work = await mkdtemp(path.join(tmpdir(), 'holdfast-mount-'));
  try {
    const [image, folder] = [path.join(work, 'image.snap'), path.join(work, 'folder')];
    await writeFile(image, await packSnap('lab-hello', '1.0'));
    await mkdir(folder);
    const mount = ['mount', '-t', 'squashfs', '-o', 'ro,loop', image, folder];
    await run('unshare', ['--mount', '--propagation', 'private', '--', ...mount]);
    return true;
  } catch {
    return false;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
