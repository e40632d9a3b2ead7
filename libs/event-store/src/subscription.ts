import { Observable } from 'rxjs';
import type { AppendHint } from './append-signal.js';
import { EventStoreError, type Cursor, type StoredAppend } from './port.js';

export interface Patience {
  /** Ask for new appends after this many milliseconds without a notification. */
  readonly pollMs: number;
  /** Go on trying a store that cannot be reached for this many milliseconds. */
  readonly reconnectMs: number;
}

/** Reads on where it stopped: the next whole appends, none when there are none. After an error it has not moved. */
export interface AppendReader {
  next(): Promise<readonly StoredAppend[]>;
}

type Consume = (batch: readonly StoredAppend[]) => Promise<void>;

/**
 * {@link EventStore.subscribeAll} for every adapter: one loop, which reads only when the consumer is done with what it was given.
 * @param open begins to read; what it throws ends the Observable
 */
export function subscription(
  open: () => AppendReader,
  hint: AppendHint,
  patience: Patience,
  consume: Consume,
): Observable<Cursor> {
  return new Observable((subscriber) => {
    const stop = new AbortController();
    const follow = async (): Promise<void> => {
      const reader = open();
      while (!stop.signal.aborted) {
        const heard = hint.heard;
        const batch = await patiently(reader, patience.reconnectMs, stop.signal);
        const last = batch.at(-1);
        if (stop.signal.aborted) return;
        if (last) {
          await consume(batch);
          subscriber.next(last.cursor);
        } else {
          await hint.wait(heard, patience.pollMs, stop.signal);
        }
      }
    };
    follow().catch((error: unknown) => subscriber.error(error));
    return () => stop.abort();
  });
}

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;

/** Reads again with growing pauses while the store cannot be reached, at most for `reconnectMs`; then its error is the caller's. */
async function patiently(
  reader: AppendReader,
  reconnectMs: number,
  stopped: AbortSignal,
): Promise<readonly StoredAppend[]> {
  const giveUp = performance.now() + reconnectMs;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await reader.next();
    } catch (error) {
      if (stopped.aborted) return [];
      const passing = error instanceof EventStoreError && error.code === 'unavailable';
      if (!passing || performance.now() + pause > giveUp) throw error;
      await sleep(pause, stopped);
    }
  }
}

function sleep(milliseconds: number, stopped: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      stopped.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    stopped.addEventListener('abort', done);
  });
}
