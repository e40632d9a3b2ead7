import { BlobStoreError } from '../port.js';

export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** The system's name for what happened: `EIO`, `EACCES`. */
export function systemCode(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : String(error);
}

/** Runs a file system operation; whatever the file system refuses (full, read-only, failing) is `unavailable`. */
export async function onDisk<Result>(what: string, operation: () => Promise<Result>): Promise<Result> {
  try {
    return await operation();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new BlobStoreError('unavailable', `cannot ${what}: ${why}`, { cause });
  }
}
