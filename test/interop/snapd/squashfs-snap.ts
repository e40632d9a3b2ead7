import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A real snap, packed by mksquashfs; the same bytes for the same arguments. */
export async function packSnap(name: string, version: string): Promise<Buffer> {
  const work = await mkdtemp(path.join(tmpdir(), 'holdfast-pack-'));
  try {
    await mkdir(path.join(work, 'tree/meta'), { recursive: true });
    await writeFile(path.join(work, 'tree/meta/snap.yaml'), snapYaml(name, version));
    const file = path.join(work, 'out.snap');
    const reproducible = ['-mkfs-time', '0', '-all-time', '0', '-all-root', '-no-xattrs', '-no-fragments'];
    await run('mksquashfs', [
      path.join(work, 'tree'),
      file,
      '-noappend',
      '-comp',
      'xz',
      '-no-progress',
      '-quiet',
      ...reproducible,
    ]);
    return await readFile(file);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function snapYaml(name: string, version: string): string {
  return [
    `name: ${name}`,
    `version: '${version}'`,
    `summary: ${name} for tests`,
    'description: A snap for tests.',
    'architectures: [all]',
    'base: bare',
    'confinement: strict',
    'grade: stable',
    '',
  ].join('\n');
}
