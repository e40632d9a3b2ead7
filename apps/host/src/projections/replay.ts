import type { ClientBase } from 'pg';
import { decodeEvent } from '#kernel';
import type { EventStore, StoredEvent } from '#event-store/port';
import type { PositionedEvent, Projection } from '#platform/projection';
import { ReadModelError } from '#platform/read-models/errors';
import type { Checkpoint } from '#platform/read-models/checkpoints';
import type { PolicyEvidence } from './policy-evidence.js';

const BATCH = 4_000;

/** Names without a schema are of tables that are this connection's alone and go with its transaction. */
export async function useScratch(client: ClientBase): Promise<void> {
  await client.query('set local search_path to pg_temp');
}

/**
 * Applies to each projection the events before its checkpoint.
 * @throws ReadModelError `read-models-differ` when there are fewer events than the rows are said to show; KernelError `malformed-event`
 */
export async function replay(
  client: ClientBase,
  store: EventStore,
  live: readonly { readonly projection: Projection; readonly checkpoint: Checkpoint }[],
  evidence: PolicyEvidence,
): Promise<void> {
  const end = live.reduce((next, { checkpoint }) => (checkpoint.next > next ? checkpoint.next : next), 0n);
  let position = 0n;
  for await (const stored of batches(store, end)) {
    const events = stored.map(({ bytes }, i) => ({
      position: position + BigInt(i),
      envelope: decodeEvent(bytes),
      bytes,
    }));
    evidence.take(events);
    for (const { projection, checkpoint } of live) {
      const before = events.filter((event: PositionedEvent) => event.position < checkpoint.next);
      if (before.length > 0) await projection.apply(client, before);
    }
    position += BigInt(events.length);
  }
  if (position < end) {
    throw new ReadModelError(
      'read-models-differ',
      `the read models are at position ${end}, the event store has ${position} events: one of them is another moment's, or another site's`,
    );
  }
}

/** Whole appends, up to the one that ends at `end`. */
async function* batches(store: EventStore, end: bigint): AsyncGenerator<readonly StoredEvent[]> {
  let batch: StoredEvent[] = [];
  let count = 0n;
  for await (const { events } of store.readAll(null)) {
    if (count >= end) break;
    batch.push(...events);
    count += BigInt(events.length);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
