import type { CommandContext, Decider, DomainEvent } from '#kernel';
import { FleetError } from '../../errors.js';
import type { DeliveryRecord } from './record.js';

/** A stream holds so many batches, so that control, which folds streams, never reads more of them than that. */
export const BATCHES_A_STREAM = 100;

/** What the first batch of a node says came before it. */
export const NO_BATCH = '0'.repeat(64);

/** @param batch from 1 */
export function deliveriesStream(node: string, batch: number): string {
  return `deliveries/${node}/${Math.floor((batch - 1) / BATCHES_A_STREAM)}`;
}

export type BatchHead = {
  readonly node: string;
  /** From 1, without a gap; decimal. */
  readonly batch: string;
  /** SHA-256 of the canonical bytes of the batch that came before, hex; zeros before the first. */
  readonly previous: string;
  /** Of this one. */
  readonly digest: string;
  /** The node's, over the same bytes: Ed25519 in base64. */
  readonly signature: string;
  /** When the node made it, by its own clock. */
  readonly at: string;
};

/** A batch, or a part of one: its events are one append, and their records, in order, are the batch's. */
export type DeliveriesRecorded = DomainEvent<
  'DeliveriesRecorded',
  BatchHead & { readonly records: readonly DeliveryRecord[] }
>;

export interface RecordBatch {
  readonly type: 'RecordBatch';
  readonly head: BatchHead;
  /** Split so that each part fits into an event. */
  readonly parts: readonly (readonly DeliveryRecord[])[];
  /** The digest of the last batch of the stream before; null when it is not recorded. */
  readonly before: string | null;
  readonly context: CommandContext;
}

export interface Deliveries {
  readonly last: { readonly batch: number; readonly digest: string } | null;
  /** Of each batch in this stream. */
  readonly digests: ReadonlyMap<number, string>;
}

/**
 * Each batch once, in order, each after the one that its node says. One that came before yields nothing.
 * @throws FleetError `batch-out-of-order`, `batch-forked`
 */
function decide(
  { head, parts, before }: RecordBatch,
  { last, digests }: Deliveries,
): readonly DeliveriesRecorded[] {
  const batch = Number(head.batch);
  const known = digests.get(batch);
  if (known === head.digest) return [];
  if (known !== undefined)
    throw new FleetError(
      'batch-forked',
      `another batch of ${head.node} is recorded under the number ${batch}`,
    );
  const expected = last ? last.batch + 1 : batch - ((batch - 1) % BATCHES_A_STREAM);
  const follows = last ? last.digest : before;
  if (batch !== expected || follows === null)
    throw new FleetError(
      'batch-out-of-order',
      `batch ${batch} of ${head.node} came, and batch ${batch - 1} is not recorded`,
    );
  if (follows !== head.previous)
    throw new FleetError(
      'batch-forked',
      `batch ${batch} of ${head.node} follows another batch ${batch - 1} than the one that is recorded`,
    );
  return parts.map((records) => ({ type: 'DeliveriesRecorded', data: { ...head, records } }));
}

export const deliveries: Decider<RecordBatch, DeliveriesRecorded, Deliveries> & {
  readonly versions: { readonly DeliveriesRecorded: number };
} = {
  initialState: { last: null, digests: new Map() },
  decide,
  evolve({ digests }, { data: { batch, digest } }) {
    const number = Number(batch);
    return { last: { batch: number, digest }, digests: new Map(digests).set(number, digest) };
  },
  versions: { DeliveriesRecorded: 1 },
};
