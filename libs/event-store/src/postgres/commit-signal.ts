import pg from 'pg';
import { EVENTS_CHANNEL } from './append-function.js';

/**
 * Tells when somebody appended: LISTEN on a connection of its own (a pooler between would swallow it). Only a hint that makes readers
 * quicker: while the connection is down, and it is made anew at the next wait, they find the same by asking again after a while.
 */
export class CommitSignal {
  private client: pg.Client | undefined;
  private connecting = false;
  private closed = false;
  private count = 0;
  private readonly waiting = new Set<() => void>();

  constructor(private readonly config: pg.ClientConfig) {}

  /** A number that grows with every append heard of; take it before reading, and give it to {@link wait} after. */
  get heard(): number {
    this.listen();
    return this.count;
  }

  /** Resolves when an append was heard of since `heard`, after `milliseconds` at the latest, or when `signal` aborts. */
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

  async close(): Promise<void> {
    this.closed = true;
    this.wake();
    await this.client?.end().catch(() => undefined);
  }

  private listen(): void {
    if (this.client || this.connecting || this.closed) return;
    this.connecting = true;
    const client = new pg.Client(this.config);
    const drop = (): void => {
      if (this.client === client) this.client = undefined;
    };
    client.on('error', drop);
    client.on('end', drop);
    client.on('notification', () => this.wake());
    void this.connect(client).catch(() => client.end().catch(() => undefined));
  }

  private async connect(client: pg.Client): Promise<void> {
    try {
      await client.connect();
      await client.query(`listen ${EVENTS_CHANNEL}`);
      if (this.closed) return await client.end();
      this.client = client;
      // What was appended before LISTEN took effect was not heard.
      this.wake();
    } finally {
      this.connecting = false;
    }
  }

  private wake(): void {
    this.count += 1;
    for (const done of this.waiting) done();
  }
}
