import type { Cursor, EventStore } from '#event-store/port';
import type { ProjectionCheckpoint } from '#platform/at-least/projection-progress';
import type { ReadModels } from '#platform/http/read-models';

/** PostgreSQL's event store counts as the ledger does: the position that the next event will get. */
export async function headPosition(readModels: ReadModels): Promise<bigint> {
  const [head] = await readModels.query<{ next: string }>(
    'select next_position::text as next from events.head',
  );
  return BigInt(head?.next ?? 0);
}

type Begun = ProjectionCheckpoint & { readonly cursor: Cursor };

/** So many events are counted and no more: a status must not read a whole history. */
const MOST = 10_000n;

/**
 * Another store knows no positions; the projector gives them. So: where the read model is that is furthest, and how many events come after
 * it; at least so many, when they are more than we count.
 */
export async function countedPosition(
  store: EventStore,
  checkpoints: readonly ProjectionCheckpoint[],
): Promise<bigint> {
  const begun = checkpoints.filter((at): at is Begun => at.cursor !== null);
  const [furthest] = begun.sort((a, b) => store.compareCursors(b.cursor, a.cursor));
  const start = BigInt(furthest?.nextPosition ?? 0);
  let next = start;
  for await (const { events } of store.readAll(furthest?.cursor ?? null)) {
    next += BigInt(events.length);
    if (next - start >= MOST) break;
  }
  return next;
}
