/** Reading a large blob takes its time, and changes nothing: who stops does not wait for its end. */
export async function unlessAborted<Result>(reading: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason as Error);
  signal.addEventListener('abort', abort, { once: true });
  try {
    signal.throwIfAborted();
    return await Promise.race([reading, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
    reading.catch(() => undefined);
  }
}
