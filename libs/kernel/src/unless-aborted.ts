/** For what takes its time and may be left undone: who stops does not wait for its end. @throws what `signal` was aborted with */
export async function unlessAborted<Result>(doing: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason as Error);
  signal.addEventListener('abort', abort, { once: true });
  try {
    signal.throwIfAborted();
    return await Promise.race([doing, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
    doing.catch(() => undefined);
  }
}
