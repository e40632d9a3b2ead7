import { readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { MAX_BUNDLE_SIZE, TlogError, type LogReader } from '#tlog';

/** A log's files in a folder, as {@link LedgerWriter} leaves them; wherever they were copied to. None is read that is larger than a log's largest. */
export function filesystemLogReader(folder: string): LogReader {
  return { read: (name) => readBounded(path.join(folder, name)).catch(absentIfNoSuchFile) };
}

/** @throws TlogError `malformed-bundle` */
async function readBounded(file: string): Promise<Buffer> {
  await using handle = await open(file);
  const { size } = await handle.stat();
  if (size > MAX_BUNDLE_SIZE)
    throw new TlogError(
      'malformed-bundle',
      `${file} has ${size} bytes, and no file of a log has more than ${MAX_BUNDLE_SIZE}`,
    );
  return await handle.readFile();
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
