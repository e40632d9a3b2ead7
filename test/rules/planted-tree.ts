import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** Files by their path, with this repository's package imports and TypeScript settings around them; removed afterwards. */
export async function withPlantedTree<Result>(
  files: Readonly<Record<string, string>>,
  use: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-rules-'));
  try {
    const surroundings = {
      'package.json': await readFile(join(ROOT, 'package.json'), 'utf8'),
      'tsconfig.json': await readFile(join(ROOT, 'tsconfig.json'), 'utf8'),
    };
    for (const [path, text] of Object.entries({ ...surroundings, ...files })) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
