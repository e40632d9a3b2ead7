import { EventStoreError, type Appended } from '../port.js';
import type { Append } from './appending.js';

/** How much goes in one call; a single append may be larger, as far as its own limits allow. */
export const CALL_LIMITS = { events: 500, bytes: 4 * 1024 * 1024 };

interface Waiting {
  readonly append: Append;
  /** Milliseconds, of the monotonic clock. */
  readonly since: number;
  resolve(appended: Appended): void;
  reject(error: unknown): void;
}

/** Sends appends as one call; the i-th result is the i-th append's. Rejects for all of them. */
export type Send = (appends: readonly Append[]) => Promise<readonly (Appended | Error)[]>;

/**
 * The appends that wait in this process, in the order in which they came. One call at a time: while it is under way, others gather and go
 * together in the next, which costs the server one lock, one flush to disk and one notification for all of them. Appends are
 * serialised by the head's lock in any case, so a second call would only wait there; and so no append overtakes an earlier one.
 * With no call under way, an append is sent in the same turn of the event loop.
 */
export class AppendQueue {
  private waiting: Waiting[] = [];
  private draining: Promise<void> | undefined;

  /** @param patienceMs how long an append may wait for its turn */
  constructor(
    private readonly send: Send,
    private readonly patienceMs: number,
  ) {}

  /** @throws EventStoreError `unavailable` when its turn did not come; what `send` answers it, or throws */
  append(append: Append): Promise<Appended> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ append, since: performance.now(), resolve, reject });
      this.draining ??= this.drain();
    });
  }

  /** Resolves when nothing waits and no call is under way. */
  async drained(): Promise<void> {
    await this.draining;
  }

  private async drain(): Promise<void> {
    do {
      // Whoever was just answered, or is ready in this turn for another reason, has its next append in the same call.
      await new Promise(setImmediate);
      await this.sendSome(this.takeSome());
    } while (this.waiting.length > 0);
    this.draining = undefined;
  }

  private takeSome(): Waiting[] {
    let [count, events, bytes] = [0, 0, 0];
    for (const { append } of this.waiting) {
      events += append.events.length;
      bytes += append.events.reduce((sum, event) => sum + event.bytes.length, 0);
      if (count > 0 && (events > CALL_LIMITS.events || bytes > CALL_LIMITS.bytes)) break;
      count += 1;
    }
    const taken = this.waiting.slice(0, count);
    this.waiting = this.waiting.slice(count);
    const oldest = performance.now() - this.patienceMs;
    const late = taken.filter(({ since }) => since < oldest);
    for (const { append, reject } of late) reject(outwaited(append));
    return late.length === 0 ? taken : taken.filter(({ since }) => since >= oldest);
  }

  private async sendSome(taken: readonly Waiting[]): Promise<void> {
    if (taken.length === 0) return;
    try {
      const results = await this.send(taken.map(({ append }) => append));
      for (const [i, { append, resolve, reject }] of taken.entries()) {
        const result = results[i] ?? unanswered(append);
        if (result instanceof Error) reject(result);
        else resolve(result);
      }
    } catch (error) {
      // Something that one of them brings is refused by the server, such as a text that it cannot hold, and the call with it:
      // nothing was written. The others must not suffer for that.
      if (taken.length > 1 && !(error instanceof EventStoreError)) {
        for (const each of taken) await this.sendSome([each]);
      } else {
        for (const { reject } of taken) reject(error);
      }
    }
  }
}

function outwaited({ stream }: Append): EventStoreError {
  return new EventStoreError(
    'unavailable',
    `an append to ${stream} waited too long behind others, and was not sent`,
  );
}

function unanswered({ stream }: Append): EventStoreError {
  return new EventStoreError('outcome-unknown', `the event store gave no result for an append to ${stream}`);
}
