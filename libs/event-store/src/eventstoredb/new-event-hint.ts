import { END, excludeSystemEvents, type AllStreamSubscription } from '@eventstore/db-client';
import { AppendSignal, type AppendHint } from '../append-signal.js';
import type { Connection } from './connection.js';

/** So long after one that ended, a new subscription is asked for, and who waits is woken to ask: it may have missed something. */
const PAUSE_MS = 1_000;

/**
 * Tells when somebody appended, by a live subscription from the end on. It is a hint and no more, since the client never renews a
 * subscription: one that was dropped is made anew, and readers find the same by asking again after a while.
 */
export class NewEventHint implements AppendHint {
  private readonly signal = new AppendSignal();
  private live: AllStreamSubscription | undefined;
  private pause: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(private readonly connection: Connection) {}

  get heard(): number {
    this.listen();
    return this.signal.heard;
  }

  wait(heard: number, milliseconds: number, signal: AbortSignal): Promise<void> {
    return this.signal.wait(heard, milliseconds, signal);
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.pause);
    this.signal.wake();
    await this.live?.unsubscribe().catch(() => undefined);
  }

  private listen(): void {
    if (this.live || this.closed || this.pause) return;
    const { client, options } = this.connection;
    const live = client.subscribeToAll({ ...options, fromPosition: END, filter: excludeSystemEvents() });
    this.live = live;
    const drop = (): void => {
      if (this.live !== live || this.closed) return;
      this.live = undefined;
      this.pause = setTimeout(() => {
        this.pause = undefined;
        this.signal.wake();
      }, PAUSE_MS);
    };
    live.on('error', drop);
    live.on('end', drop);
    live.on('data', () => this.signal.wake());
    // What was appended before the subscription took effect was not heard.
    live.on('confirmation', () => this.signal.wake());
  }
}
