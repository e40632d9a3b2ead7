import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '#platform/config';
import { refusedBy } from '#platform/setting-folder';
import { canonicalTrustRoots, loadTrustRoots, SnapError, TRUST_ROOT_FILE, type TrustRoots } from '#snap';

/**
 * Canonical's roots, and those of a folder beside them.
 * @throws ConfigError, with the folder's name, when it can't be read, holds none, or holds something else
 */
export async function readTrustRoots(folder: string | undefined): Promise<TrustRoots> {
  if (folder === undefined) return canonicalTrustRoots();
  const all = await readdir(folder).catch((error: unknown) => {
    throw refusedBy('HOLDFAST_TRUST_ROOTS', folder, error);
  });
  const names = all.filter((name) => TRUST_ROOT_FILE.test(name)).sort();
  if (names.length === 0)
    throw new ConfigError([
      `HOLDFAST_TRUST_ROOTS is ${JSON.stringify(folder)}: it has no trust roots: files that end in .assert.`,
    ]);
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name))));
  try {
    return loadTrustRoots(texts);
  } catch (error) {
    if (!(error instanceof SnapError)) throw error;
    throw new ConfigError([
      `HOLDFAST_TRUST_ROOTS is ${JSON.stringify(folder)}: what is in it can't be used: ${error.message}.`,
    ]);
  }
}
