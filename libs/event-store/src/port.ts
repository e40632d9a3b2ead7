import { CodedError } from '#kernel';
import type { Observable } from 'rxjs';

/**
 * A place in the store's whole history, opaque to everybody but the store that gave it. Decimal strings that only grow;
 * compare two with {@link EventStore.compareCursors}, never by their text. Not a position: positions are the ledger's.
 */
export type Cursor = string;

/** The stream's newest event must have this number; -1n: the stream must not exist. */
export type ExpectedRevision = bigint;
export const NO_STREAM = -1n;

export interface EventToAppend {
  /** UUID; unique in the store. */
  readonly id: string;
  readonly type: string;
  /** Canonical bytes (`encodeEvent`), kept verbatim. At most 65,535. */
  readonly bytes: Uint8Array;
}

export interface StoredEvent {
  readonly stream: string;
  readonly streamRevision: bigint;
  readonly id: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** The events that one append wrote, in order. Readers see all of them or none. */
export interface StoredAppend {
  readonly stream: string;
  /** Stands behind the append's last event: reading after it gives what came later. */
  readonly cursor: Cursor;
  readonly events: readonly StoredEvent[];
}

export interface Appended {
  readonly cursor: Cursor;
  readonly lastRevision: bigint;
}

/**
 * The record of everything that happened, and the only source of truth.
 *
 * Durability: when `append` resolves, the events survive a crash of this process and of the server.
 * Atomicity: an append is written whole or not at all, and is delivered whole.
 * Ordering: all readers see all appends in one total order. Once a reader was given an append, none will ever appear before it.
 * Concurrency: of several appends to one stream at the same expected revision, exactly one wins; the others get
 * `wrong-expected-revision` and have written nothing.
 * When `append` rejects with `outcome-unknown`, the caller may retry the identical events at the same revision: a store that
 * holds them already answers as it did, or would have done, the first time.
 */
export interface EventStore {
  /** @throws EventStoreError `wrong-expected-revision`, `append-too-large`, `outcome-unknown`, `unavailable`, `fenced-out`, `store-not-in-use` */
  append(stream: string, expected: ExpectedRevision, events: readonly EventToAppend[]): Promise<Appended>;

  /** A stream's events from `from` (default 0) on, oldest first; nothing for a stream that doesn't exist. */
  readStream(stream: string, from?: bigint): AsyncIterable<StoredEvent>;

  /** All appends after `after` (null: from the beginning), up to what was there when the read began or later. Then ends. */
  readAll(after: Cursor | null): AsyncIterable<StoredAppend>;

  /**
   * Every append after `after`, once each, in order, for ever. Nothing is read ahead of `consume`: the next batch is fetched when its
   * promise has resolved (that is the back-pressure), and the Observable then emits the batch's last cursor. A `consume` that
   * rejects ends the Observable with its error; so does a store that cannot be reached within the adapter's own patience.
   * Subscribing again from the last emitted cursor loses and repeats nothing. Unsubscribing stops it.
   */
  subscribeAll(
    after: Cursor | null,
    consume: (batch: readonly StoredAppend[]) => Promise<void>,
  ): Observable<Cursor>;

  /** Negative when `a` is before `b`, 0 when they are the same place. */
  compareCursors(a: Cursor, b: Cursor): number;

  close(): Promise<void>;
}

export type EventStoreErrorCode =
  | 'wrong-expected-revision'
  | 'append-too-large'
  | 'outcome-unknown'
  | 'unavailable'
  /** The appender's lease was taken over: nothing was written, and nothing that it tries will be. */
  | 'fenced-out'
  /** The history was moved to another store since the appender was started. */
  | 'store-not-in-use'
  | 'malformed-cursor';

export class EventStoreError extends CodedError<EventStoreErrorCode> {
  override readonly name = 'EventStoreError';
}
