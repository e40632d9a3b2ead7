import type { EventEnvelope } from '#kernel';
import type { ClientBase } from 'pg';
import type { DatabaseRole } from './database/role-url.js';

/** An event with its index in the ledger: the one number that people see. */
export interface PositionedEvent {
  readonly position: bigint;
  readonly envelope: EventEnvelope;
  /** The exact bytes: the ledger's leaf. */
  readonly bytes: Uint8Array;
}

/** What readers are written for: a projection in one of its versions. */
export interface ReadModelVersion {
  readonly name: string;
  readonly version: number;
}

export interface ReadModelTable {
  /** Carries the version: `change_request_v1`. */
  readonly name: string;
  /** Who may read it, as view `read.change_request_v1`. */
  readonly readers: readonly DatabaseRole[];
}

/**
 * A read model, named for the question that it answers: a pure fold from events to rows. The projector moves the checkpoint in the
 * transaction that `apply` writes in, so each event counts exactly once.
 *
 * Its tables are made by itself and stand in one of two schemas, blue or green; its statements name them without a schema, and whoever calls has
 * set the search path. So a rebuild fills the other one with the same code, and readers, who name views, never see it half filled.
 */
export interface Projection extends ReadModelVersion {
  readonly tables: readonly ReadModelTable[];
  /** In a schema where none of them is. */
  createTables(tx: ClientBase): Promise<void>;
  /**
   * For a projection that keeps in memory what it folded: the events that its rows show already, from position 0 on, before the first
   * `apply`. In order; some may come twice.
   */
  recall?(events: readonly PositionedEvent[]): void;
  /** Events of whole appends, in order, none twice; but those of a transaction that failed come again. */
  apply(tx: ClientBase, events: readonly PositionedEvent[]): Promise<void>;
  /** Tells readers who wait, by NOTIFY, what `apply` changed: in the same transaction, and not while rebuilding. */
  tell?(tx: ClientBase, events: readonly PositionedEvent[]): Promise<void>;
  /**
   * For rows that must not be lost: writes those that are not what was folded, and tells readers of them.
   * @param next the position that the rows are at; one that is elsewhere in memory does nothing
   * @returns what it wrote, as people read it
   */
  mend?(tx: ClientBase, next: bigint): Promise<readonly string[]>;
}
