import { setTimeout as pause } from 'node:timers/promises';
import { uuidv7, type Clock, type CommandContext } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import type { Logger } from '#platform/logging/logger';
import {
  CLOCK_STREAM,
  clock,
  LEAST_STEP_MS,
  sameSynchronisation,
  type ClockEvent,
  type ClockOf,
  type Synchronisation,
} from '../domain/clock.js';

export interface ClockKeeperPorts {
  readonly of: ClockOf;
  readonly streams: StreamWriter;
  /** The one that events are stamped by. */
  readonly clock: Clock;
  /** Milliseconds by a clock that nobody sets. */
  readonly monotonicMs: () => number;
  readonly synchronisation: () => Promise<Synchronisation>;
  /** When the newest event was, as it says itself; null: that is not known here. */
  readonly newestAt: () => Promise<string | null>;
  readonly logger: Pick<Logger, 'warn' | 'error'>;
}

/** A clock that jumps, and jumps back, is noticed within this. */
const EVERY_MS = 5_000;
const MINUTE_MS = 60_000;

/**
 * Notes in the history what is to be known of the clock that a server stamps its events by: whether it follows a time server, and that it was set (R06). What was not
 * appended is noted at the next look.
 */
export class ClockKeeper {
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();
  /** By how much the clock of the day is ahead of the one that nobody sets; undefined before the first look. */
  private ahead: number | undefined;
  private started = false;
  private steppedAt = -Infinity;
  private askedAt = -Infinity;
  /** What was found at the look before. */
  private found: Synchronisation | undefined;

  constructor(private readonly ports: ClockKeeperPorts) {}

  static start(ports: ClockKeeperPorts): ClockKeeper {
    const keeper = new ClockKeeper(ports);
    keeper.running = keeper.run();
    return keeper;
  }

  /** A look that is under way comes to its end. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** Looks once. @throws EventStoreError */
  async look(): Promise<void> {
    const now = this.ports.monotonicMs();
    await this.lookForStep(now);
    if (now - this.askedAt >= MINUTE_MS) {
      await this.lookForServer();
      this.askedAt = now;
    }
    this.started = true;
  }

  /** One a minute at most: of a clock that jumps to and fro what is left is noted then. */
  private async lookForStep(now: number): Promise<void> {
    const ahead = Date.parse(this.ports.clock.now()) - now;
    if (this.ahead === undefined) {
      const newestAt = await this.ports.newestAt();
      if (newestAt !== null) await this.note({ type: 'NoteStart', newestAt });
      this.ahead = ahead;
      return;
    }
    const byMs = Math.round(ahead - this.ahead);
    if (Math.abs(byMs) < LEAST_STEP_MS || now - this.steppedAt < MINUTE_MS) return;
    await this.note({ type: 'NoteStep', byMs });
    this.ahead = ahead;
    this.steppedAt = now;
  }

  private async lookForServer(): Promise<void> {
    const synchronisation = await this.ports.synchronisation();
    // Who did not answer once is not gone: what is new counts when it is found twice.
    const counts = this.found === undefined || sameSynchronisation(this.found, synchronisation);
    this.found = synchronisation;
    if (counts) await this.note({ type: 'NoteSynchronisation', synchronisation, atStart: !this.started });
  }

  private async note(
    what:
      | { readonly type: 'NoteStart'; readonly newestAt: string }
      | { readonly type: 'NoteStep'; readonly byMs: number }
      | {
          readonly type: 'NoteSynchronisation';
          readonly synchronisation: Synchronisation;
          readonly atStart: boolean;
        },
  ): Promise<void> {
    const { streams, of } = this.ports;
    const command = { ...what, ...of, context: this.context() };
    const { events } = await streams.decideAndAppend(clock, CLOCK_STREAM, command);
    for (const event of events) this.say(event);
  }

  private say({ type, data }: ClockEvent): void {
    const { logger } = this.ports;
    switch (type) {
      case 'TimeSynchronisationNoted':
        if (data.new.state !== 'synchronised')
          logger.warn({ clock: data.new }, 'nobody says that the clock follows a time server');
        return;
      case 'TimeSynchronisationLost':
        logger.error({ clock: data.new }, 'the clock follows no time server any more');
        return;
      case 'ClockStepped':
        logger.error({ byMs: data.byMs }, 'the clock was set');
        return;
      case 'ClockBehindHistory':
        logger.error({ behindMs: data.behindMs }, 'the clock is behind the newest event');
        return;
    }
  }

  private context(): CommandContext {
    const { of, clock: server } = this.ports;
    const cause = uuidv7();
    return {
      at: server.now(),
      actor: { kind: 'service', id: of.server, for: CLOCK_STREAM },
      reason: { code: 'clock', text: 'what events are stamped by is on record' },
      cause,
      correlation: cause,
      authorisedBy: [],
    };
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        await this.look();
      } catch (error) {
        this.ports.logger.warn(
          { err: error },
          'what is known of the clock could not be noted, it is tried again',
        );
      }
      await pause(EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
