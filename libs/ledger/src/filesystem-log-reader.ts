import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { LogReader } from '#tlog';

/** A log's files in a folder, as {@link LedgerWriter} leaves them; wherever they were copied to. */
export function filesystemLogReader(folder: string): LogReader {
  return { read: (name) => readFile(path.join(folder, name)).catch(absentIfNoSuchFile) };
}

/** @returns undefined when there is no such file */
export function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    return absentIfNoSuchFile(error);
  }
}

function absentIfNoSuchFile(error: unknown): undefined {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
  throw error;
}
