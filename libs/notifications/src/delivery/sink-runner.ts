import { setTimeout as pause } from 'node:timers/promises';
import { asText, decodeEvent, sentenceOf } from '#kernel';
import type { StoredAppend, StoredEvent } from '#event-store/port';
import { followAll, keepFollowing } from '#platform/follow-all';
import { sinkKey, SINKS_STREAM, type Sink } from '../domain/sinks/sinks.js';
import { isAbout } from '../domain/sinks/topics.js';
import type { Message } from './message.js';
import { nextTry, usualPatience, type Trying } from './next-try.js';
import { eventsUpTo, lowest } from './places.js';
import type { SinkParts } from './sink-parts.js';
import type { KnownPosition } from './sink-positions.js';
import type { Transport } from './transport.js';

/** A message that is tried for so long is worth an event. */
const FAILING_AFTER_MS = 10 * 60_000;
/** However far in the future a clock that was set back says that the next try is. */
const LONGEST_WAIT_MS = 24 * 3_600_000;

/**
 * Tells one sink of the history: each event that it is about at least once, one after the other, in order. It keeps its place after each, so that
 * whoever goes on after a crash repeats one at most, and skips none.
 */
export class SinkRunner {
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private readonly key: string;
  private at: KnownPosition = { cursor: null, events: 0n, start: null, replays: 0, trying: null };
  /** Sinks that were added, up to here: only while `start` is null. */
  private added = 0;
  /** Of a replay: where it begins, when that is before the sink's own beginning. */
  private floor: bigint | null = null;
  private troubled: boolean;
  private unopened = false;
  /** The newest event of the sinks' stream that it has come to. */
  private seen = -1n;
  private last: { readonly revision: bigint; readonly reached: () => void } | undefined;

  constructor(
    readonly sink: Sink,
    private readonly parts: SinkParts,
  ) {
    this.key = sinkKey(sink);
    this.troubled = sink.failingSince !== null;
  }

  start(): void {
    this.running = this.run();
  }

  /**
   * Resolves when it has told, or passed over, the history up to an event of the sinks' stream: what ends a sink, or makes it another one, it is told of.
   * Or when it has not come so far in time.
   */
  async upTo(revision: bigint, patience: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (this.seen >= revision) return;
    this.last = { revision, reached: resolve };
    await Promise.race([promise, pause(patience, undefined, { signal: this.stopping.signal, ref: false })]);
  }

  /** Gives up the try that is under way: whoever goes on makes it again. */
  async stop(): Promise<void> {
    this.stopping.abort(new Error('the worker is stopping'));
    await this.running;
  }

  private async run(): Promise<void> {
    const follow = (onProgress: () => void) => this.follow(onProgress);
    const onFailure = (error: unknown, pauseMs: number) =>
      this.parts.observer.broke(this.sink, error, pauseMs);
    await keepFollowing(follow, onFailure, this.stopping.signal);
  }

  private async follow(onProgress: () => void): Promise<void> {
    await this.begin();
    const transport = await this.open();
    const consume = async (batch: readonly StoredAppend[]): Promise<void> => {
      await this.consume(batch, transport);
      onProgress();
    };
    try {
      await followAll(this.parts.store, this.at.cursor, consume, this.stopping.signal);
    } finally {
      await transport.close();
    }
  }

  /** A sink that cannot be served as it is set takes nothing either. */
  private async open(): Promise<Transport> {
    const { open, observer, clock } = this.parts;
    try {
      const transport = await open(this.sink);
      observer.opened(this.sink, this.at.trying?.since ?? null);
      if (this.unopened && this.at.trying === null) await this.noteTaking();
      this.unopened = false;
      return transport;
    } catch (error) {
      this.unopened = true;
      await this.noteFailing({ since: clock.now(), why: asText(sentenceOf(error), 500) });
      throw error;
    }
  }

  private async begin(): Promise<void> {
    const { positions } = this.parts;
    const { replays, from } = this.sink;
    const kept = await positions.load(this.key);
    // Of replays that were asked for and not begun, the one from the earliest position is all of them.
    const asked = replays.slice(kept === undefined ? 0 : (kept.replays ?? replays.length)).map(BigInt);
    this.floor = asked.length === 0 ? null : lowest(asked);
    this.added = 0;
    if (kept === undefined || kept.start === null) {
      const start = from === null ? null : lowest([BigInt(from), ...asked]);
      this.at = { cursor: null, events: 0n, start, replays: replays.length, trying: null };
    } else {
      const events = kept.events ?? (await eventsUpTo(this.parts.store, kept.cursor));
      const next = kept.start > events ? kept.start : events;
      this.at = { ...kept, events, replays: replays.length };
      // What it was never told of is not passed over, wherever the replay is from.
      if (this.floor !== null && this.floor < next)
        this.at = { cursor: null, events: 0n, start: this.floor, replays: replays.length, trying: null };
    }
    if (this.floor !== null) await positions.forgetLetters(this.key, this.floor);
    await positions.save(this.key, this.at, false);
  }

  private async consume(batch: readonly StoredAppend[], transport: Transport): Promise<void> {
    let unsaved = false;
    try {
      for (const append of batch) {
        this.stopping.signal.throwIfAborted();
        await this.tell(append, transport);
        const events = this.at.events + BigInt(append.events.length);
        this.at = { ...this.at, cursor: append.cursor, events, trying: null };
        unsaved = true;
        if (await this.endsWith(append)) return;
      }
    } finally {
      if (unsaved) await this.parts.positions.save(this.key, this.at, false);
    }
  }

  /** What comes after its last event is another runner's: nothing more is taken until it is stopped. */
  private async endsWith({ stream, events }: StoredAppend): Promise<boolean> {
    if (stream !== SINKS_STREAM) return false;
    this.seen = events.at(-1)?.streamRevision ?? this.seen;
    const { last } = this;
    if (last === undefined || this.seen < last.revision) return false;
    last.reached();
    await new Promise<void>((resolve) =>
      this.stopping.signal.addEventListener('abort', () => resolve(), { once: true }),
    );
    return true;
  }

  private async tell(append: StoredAppend, transport: Transport): Promise<void> {
    for (const [i, stored] of append.events.entries()) {
      const position = this.at.events + BigInt(i);
      if (this.at.start === null) {
        if (this.floor === null || position < this.floor) {
          if (this.isOwnBeginning(stored)) this.at = { ...this.at, start: position + 1n };
          continue;
        }
        this.at = { ...this.at, start: position };
      }
      if ((this.at.start !== null && position < this.at.start) || !isAbout(this.sink.filter, stored.type))
        continue;
      const message = { position, envelope: decodeEvent(stored.bytes), bytes: stored.bytes };
      if (this.isAboutItself(message)) continue;
      await this.deliver(message, transport);
    }
  }

  private isOwnBeginning({ stream, type }: StoredEvent): boolean {
    if (stream !== SINKS_STREAM || type !== 'SinkAdded') return false;
    this.added++;
    return this.added === this.sink.number;
  }

  /** A sink that cannot be reached is not told so. */
  private isAboutItself({ envelope: { stream, type, data } }: Message): boolean {
    if (stream !== SINKS_STREAM || (type !== 'SinkFailing' && type !== 'SinkRecovered')) return false;
    return (data as { readonly name?: unknown }).name === this.sink.name;
  }

  /** Ends when it was taken, or given up, and that is saved. */
  private async deliver(message: Message, transport: Transport): Promise<void> {
    const { position } = message;
    const { observer, positions, clock, chance, patience = usualPatience } = this.parts;
    for (;;) {
      const before = this.at.trying?.position === position ? this.at.trying : null;
      if (before) await this.until(before.nextAt);
      const outcome = await transport.send(message, this.stopping.signal);
      if (outcome.kind === 'delivered') {
        // First: after a crash in between it is told once more; one that is saved as taken would leave the sink on record as failing.
        await this.noteTaking();
        this.at = { ...this.at, start: position + 1n, trying: null };
        await positions.save(this.key, this.at, true);
        return observer.delivered(this.sink, message, outcome.note);
      }
      const rules = patience(this.sink.giveUpAfterHours);
      const { kind, trying } = nextTry(before, outcome, clock.now(), chance(), rules);
      observer.tried(this.sink, message, trying);
      if (kind === 'given-up') {
        // First: after a crash in between it is tried, and given up, once more; a dead letter without its event would be one that nobody hears of.
        await this.noteFailing(trying);
        await positions.giveUp(this.key, message, trying, clock.now());
        this.at = { ...this.at, start: position + 1n, trying: null };
        return observer.gaveUp(this.sink, message, trying);
      }
      this.at = { ...this.at, trying: { ...trying, position } };
      await positions.save(this.key, this.at, false);
      // Also when it is to be left alone for so long.
      if (Date.parse(trying.nextAt) - Date.parse(trying.since) >= FAILING_AFTER_MS)
        await this.noteFailing(trying);
    }
  }

  private async noteTaking(): Promise<void> {
    if (this.troubled) await this.parts.observer.recovered(this.sink);
    this.troubled = false;
  }

  private async noteFailing({ since, why }: Pick<Trying, 'since' | 'why'>): Promise<void> {
    if (!this.troubled) await this.parts.observer.failing(this.sink, since, why);
    this.troubled = true;
  }

  private async until(at: string): Promise<void> {
    const wait = Math.min(Date.parse(at) - Date.parse(this.parts.clock.now()), LONGEST_WAIT_MS);
    if (wait > 0) await pause(wait, undefined, { signal: this.stopping.signal });
  }
}
