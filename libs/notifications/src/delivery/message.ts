import type { EventEnvelope } from '#kernel';

/** What a sink is told. */
export interface Message {
  /** Of the event, in the history. */
  readonly position: bigint;
  readonly envelope: EventEnvelope;
  /** Its exact bytes: the record, and the leaf of the ledger. */
  readonly bytes: Uint8Array;
}
