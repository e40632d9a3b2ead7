import { setTimeout as pause } from 'node:timers/promises';
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

/**
 * Follows again and again, with a pause behind each failure, until `signal` is aborted.
 * @param follow ends when `signal` is aborted; says each progress, after which a failure is the first one again
 * @param onFailure told of every failure, before the pause
 * @param pauseMs before the next try, for the n-th failure in a row, from 1
 */
export async function keepFollowing(
  follow: (onProgress: () => void) => Promise<void>,
  onFailure: (error: unknown, pauseMs: number) => void,
  signal: AbortSignal,
  pauseMs: (failures: number) => number = growingPause,
): Promise<void> {
  for (let failures = 0; !signal.aborted;) {
    try {
      await follow(() => {
        failures = 0;
      });
    } catch (error) {
      // What fails while we stop is done again at the next start.
      if (signal.aborted) return;
      failures++;
      const wait = pauseMs(failures);
      onFailure(error, wait);
      await pause(wait, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** Half a second, doubled up to half a minute. @param failures in a row, from 1 */
function growingPause(failures: number): number {
  return Math.min(500 * 2 ** (failures - 1), 30_000);
}
