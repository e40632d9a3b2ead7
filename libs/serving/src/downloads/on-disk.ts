import { ServingError } from '../errors.js';

/** Runs something that only our own disk can fail. @throws ServingError `cache-unavailable`, `artefact-unreadable` */
export async function onDisk<Result>(
  code: 'cache-unavailable' | 'artefact-unreadable',
  what: string,
  operation: () => Promise<Result>,
): Promise<Result> {
  try {
    return await operation();
  } catch (cause) {
    if (cause instanceof ServingError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ServingError(code, `the proxy cannot ${what}: ${why}; check its disk`, { cause });
  }
}
