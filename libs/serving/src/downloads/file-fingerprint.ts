import type { FileHandle } from 'node:fs/promises';

/**
 * Changes whenever the file is written to, or another one is meant. Of an open file, not of a path: what a path leads to may change between
 * a look and a read. The change time is in it since, unlike the modification time, nobody can set it.
 */
export async function fileFingerprint(file: FileHandle): Promise<string> {
  const { dev, ino, size, mtimeNs, ctimeNs } = await file.stat({ bigint: true });
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
