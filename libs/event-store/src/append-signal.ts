/** Tells that somebody appended. Only a hint that makes readers quicker: who waits for it asks again after a while anyway. */
export interface AppendHint {
  /** A number that grows with every append heard of; take it before reading, and give it to {@link wait} after. */
  readonly heard: number;
  /** Resolves when an append was heard of since `heard`, after `milliseconds` at the latest, or when `signal` aborts. */
  wait(heard: number, milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** Counts what was heard, and wakes who waits for it. */
export class AppendSignal implements AppendHint {
  private count = 0;
  private readonly waiting = new Set<() => void>();

  get heard(): number {
    return this.count;
  }

  wait(heard: number, milliseconds: number, signal: AbortSignal): Promise<void> {
    if (this.count !== heard || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        this.waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      signal.addEventListener('abort', done);
      this.waiting.add(done);
    });
  }

  wake(): void {
    this.count += 1;
    for (const done of this.waiting) done();
  }
}
