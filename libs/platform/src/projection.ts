import type { EventEnvelope } from '#kernel';
import type { ClientBase } from 'pg';

/** An event with its index in the ledger: the one number that people see. */
export interface PositionedEvent {
  readonly position: bigint;
  readonly envelope: EventEnvelope;
  /** The exact bytes: the ledger's leaf. */
  readonly bytes: Uint8Array;
}

/**
 * A read model, named for the question that it answers: a pure fold from events to rows. Tables live in schema `read`, carry the version in
 * their name (`read.change_requests_v1`) and are created by the projection itself. The projector moves the checkpoint in the
 * transaction that `apply` writes in, so each event counts exactly once.
 */
export interface Projection {
  readonly name: string;
  readonly version: number;
  /** Idempotent: `create table if not exists …`, and the grants that the readers need. */
  createTables(tx: ClientBase): Promise<void>;
  /**
   * For a projection that keeps in memory what it folded: the events that its rows show already, from position 0 on, before the first
   * `apply`. In order; some may come twice.
   */
  recall?(events: readonly PositionedEvent[]): void;
  /** Events of whole appends, in order, none twice; but those of a transaction that failed come again. */
  apply(tx: ClientBase, events: readonly PositionedEvent[]): Promise<void>;
}
