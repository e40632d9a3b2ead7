import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What turns one file into another one, as Debian's xdelta3 makes it: what snapd applies. */
export async function xdelta3(source: Uint8Array, target: Uint8Array): Promise<Buffer> {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-xdelta3-'));
  const [from, to, delta] = ['from', 'to', 'delta'].map((name) => path.join(folder, name)) as [
    string,
    string,
    string,
  ];
  try {
    await writeFile(from, source);
    await writeFile(to, target);
    await run('xdelta3', ['-e', '-s', from, to, delta]);
    return await readFile(delta);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
