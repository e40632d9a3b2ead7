import type { ClientBase } from 'pg';
import type { Cursor } from '#event-store/port';
import type { PositionedEvent, Projection } from '#platform/projection';
import { lockCheckpoints, moveCheckpoints } from '#platform/read-models/checkpoints';
import { goLive, makeTables } from '#platform/read-models/generations';
import { useSlot } from '#platform/read-models/slots';

/** What a projector does at its first start: the read models are live, and empty. `client` with the projector's role. */
export async function emptyReadModels(client: ClientBase, projections: readonly Projection[]): Promise<void> {
  await inTransaction(client, async () => {
    for (const projection of projections) {
      await makeTables(client, projection, 'blue');
      await goLive(client, projection, { slot: 'blue', next: 0n, cursor: null });
    }
  });
}

/** What a projector does with each batch, for read models that {@link emptyReadModels} made. */
export async function projectInto(
  client: ClientBase,
  projections: readonly Projection[],
  events: readonly PositionedEvent[],
  cursor: Cursor = '0',
): Promise<void> {
  const last = events.at(-1);
  if (!last) return;
  await inTransaction(client, async () => {
    await useSlot(client, 'blue');
    for (const projection of projections) {
      await projection.apply(client, events);
      await projection.tell?.(client, events);
    }
    await moveCheckpoints(client, await lockCheckpoints(client, projections), last.position + 1n, cursor);
  });
}

export async function inTransaction<Result>(
  client: ClientBase,
  work: () => Promise<Result>,
): Promise<Result> {
  await client.query('begin');
  try {
    const result = await work();
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}
