import { stat } from 'node:fs/promises';

/**
 * Changes whenever a file is written to or replaced. The change time is in it since, unlike the modification time, nobody can set it.
 * @returns undefined when there is no such file
 */
export async function fileFingerprint(path: string): Promise<string | undefined> {
  try {
    const { ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    return [ino, size, mtimeNs, ctimeNs].join(' ');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
