import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Authority } from './authority.js';

/**
 * Writes what a client must trust, one assertion a file: the folder is what `HOLDFAST_TRUST_ROOTS` takes.
 * @returns the folder
 */
export function writeTrustRoots(dir: string, authority: Authority): string {
  const folder = join(dir, 'trust-roots');
  mkdirSync(folder, { recursive: true });
  for (const { type, primaryKey, bytes } of authority.roots) {
    const file = join(folder, `${primaryKey.join(',')}.${type}.assert`);
    // By rename: a worker that starts meanwhile reads a whole assertion or none.
    writeFileSync(`${file}.new`, bytes);
    renameSync(`${file}.new`, file);
  }
  return folder;
}
