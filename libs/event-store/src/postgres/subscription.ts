import type pg from 'pg';
import { Observable } from 'rxjs';
import { EventStoreError, type Cursor, type StoredAppend } from '../port.js';
import type { CommitSignal } from './commit-signal.js';
import { cursorAt, positionOf } from './cursor.js';
import { readAppends } from './reading.js';

export interface Patience {
  /** Ask for new appends after this many milliseconds without a notification. */
  readonly pollMs: number;
  /** Go on trying a store that cannot be reached for this many milliseconds. */
  readonly reconnectMs: number;
}

type Consume = (batch: readonly StoredAppend[]) => Promise<void>;

/** {@link EventStore.subscribeAll}: one loop, which reads only when the consumer is done with what it was given. */
export function subscription(
  pool: pg.Pool,
  commits: CommitSignal,
  patience: Patience,
  after: Cursor | null,
  consume: Consume,
): Observable<Cursor> {
  return new Observable((subscriber) => {
    const stop = new AbortController();
    const follow = async (): Promise<void> => {
      let position = after === null ? -1n : positionOf(after);
      while (!stop.signal.aborted) {
        const heard = commits.heard;
        const batch = await patiently(() => readAppends(pool, position), patience.reconnectMs, stop.signal);
        const last = batch.at(-1);
        if (stop.signal.aborted) return;
        if (last) {
          await consume(batch);
          position = positionOf(last.cursor);
          subscriber.next(cursorAt(position));
        } else {
          await commits.wait(heard, patience.pollMs, stop.signal);
        }
      }
    };
    follow().catch((error: unknown) => subscriber.error(error));
    return () => stop.abort();
  });
}

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;

/** Repeats `read` with growing pauses while the store cannot be reached, at most for `reconnectMs`; then its error is the caller's. */
async function patiently(
  read: () => Promise<StoredAppend[]>,
  reconnectMs: number,
  stopped: AbortSignal,
): Promise<StoredAppend[]> {
  const giveUp = Date.now() + reconnectMs;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await read();
    } catch (error) {
      if (stopped.aborted) return [];
      const passing = error instanceof EventStoreError && error.code === 'unavailable';
      if (!passing || Date.now() + pause > giveUp) throw error;
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
