import { HttpError } from './http/errors.js';

/** So many are at it or wait, of one key: whoever comes then has no answer to wait for that is worth its memory. */
export const MOST_IN_TURN = 100;

interface Queue {
  readonly last: Promise<unknown>;
  readonly length: number;
}

/** One at a time per key, in the order of asking: a hundred guesses at a password that are sent at once are judged one after the other. */
export class InTurn {
  private readonly queues = new Map<string, Queue>();

  /** @throws HttpError `overloaded` where {@link MOST_IN_TURN} are there already; what `work` throws */
  async run<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    if ((this.queues.get(key)?.length ?? 0) >= MOST_IN_TURN)
      throw new HttpError('overloaded', `${MOST_IN_TURN} ask for the same at once: ask again in a moment`);
    return this.runOwn(key, work);
  }

  /** The same for what the server itself has to do, however many wait. @throws what `work` throws */
  async runOwn<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const { last, length } = this.queues.get(key) ?? { last: Promise.resolve(), length: 0 };
    const mine = last.then(work, work);
    this.queues.set(key, { last: mine, length: length + 1 });
    try {
      return await mine;
    } finally {
      this.leave(key);
    }
  }

  private leave(key: string): void {
    const queue = this.queues.get(key);
    if (queue && queue.length > 1) this.queues.set(key, { ...queue, length: queue.length - 1 });
    else this.queues.delete(key);
  }
}
