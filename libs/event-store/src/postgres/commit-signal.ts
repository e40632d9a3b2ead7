import pg from 'pg';
import { AppendSignal, type AppendHint } from '../append-signal.js';
import { EVENTS_CHANNEL } from './append-function.js';

/**
 * Tells when somebody appended: LISTEN on a connection of its own (a pooler between would swallow it). While the connection is down, and it
 * is made anew at the next wait, readers find the same by asking again after a while.
 */
export class CommitSignal implements AppendHint {
  private client: pg.Client | undefined;
  private connecting = false;
  private closed = false;
  private readonly signal = new AppendSignal();

  constructor(private readonly config: pg.ClientConfig) {}

  get heard(): number {
    this.listen();
    return this.signal.heard;
  }

  wait(heard: number, milliseconds: number, signal: AbortSignal): Promise<void> {
    return this.signal.wait(heard, milliseconds, signal);
  }

  async close(): Promise<void> {
    this.closed = true;
    this.signal.wake();
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
    client.on('notification', () => this.signal.wake());
    void this.connect(client).catch(() => client.end().catch(() => undefined));
  }

  private async connect(client: pg.Client): Promise<void> {
    try {
      await client.connect();
      await client.query(`listen ${EVENTS_CHANNEL}`);
      if (this.closed) return await client.end();
      this.client = client;
      // What was appended before LISTEN took effect was not heard.
      this.signal.wake();
    } finally {
      this.connecting = false;
    }
  }
}
