import type { Subscription } from 'rxjs';
import type { Cursor, EventStore, StoredAppend } from '#event-store/port';

/**
 * Gives `consume` every append after `from`, batch after batch, until `signal` is aborted; what is being consumed then is finished first.
 * @throws what ended the subscription: the store's error, or that of `consume`
 */
export async function followAll(
  store: Pick<EventStore, 'subscribeAll'>,
  from: Cursor | null,
  consume: (batch: readonly StoredAppend[]) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  let consuming: Promise<void> = Promise.resolve();
  const consumed = (batch: readonly StoredAppend[]): Promise<void> => {
    consuming = consume(batch);
    return consuming;
  };
  await new Promise<void>((resolve, reject) => {
    let subscription: Subscription | undefined = undefined;
    const stop = (): void => {
      subscription?.unsubscribe();
      resolve();
    };
    subscription = store.subscribeAll(from, consumed).subscribe({
      error: (error: unknown) => {
        signal.removeEventListener('abort', stop);
        reject(error instanceof Error ? error : new Error(String(error)));
      },
    });
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  await consuming;
}

/** Half a second, doubled up to half a minute. @param failures in a row, from 1 */
export function growingPause(failures: number): number {
  return Math.min(500 * 2 ** (failures - 1), 30_000);
}
