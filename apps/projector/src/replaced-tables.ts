import type { ClientBase } from 'pg';
import type { ReadModelVersion } from '#platform/projection';
import { allCheckpoints, sameVersion } from '#platform/read-models/checkpoints';
import { dropTables } from '#platform/read-models/generations';
import { otherSlot } from '#platform/read-models/slots';
import { LOCK_WITHIN } from './lock-within.js';

/**
 * Removes what stands in the free slots of the live read models: a rebuild switched and could not remove it, or ended in between. Not
 * to be called while one is being made there.
 * @returns the tables that were removed
 * @throws pg.DatabaseError when something still reads or shows one of them
 */
export async function dropReplacedTables(
  tx: ClientBase,
  current: readonly ReadModelVersion[],
): Promise<readonly string[]> {
  const live = (await allCheckpoints(tx)).filter((checkpoint) =>
    current.some((ours) => sameVersion(ours, checkpoint)),
  );
  const { rows } = await tx.query<{ schema: string; name: string }>(
    `select schemaname as schema, tablename as name from pg_tables where schemaname in ('read_blue', 'read_green')`,
  );
  await tx.query(`set local lock_timeout = '${LOCK_WITHIN}'`);
  const dropped: string[] = [];
  for (const { slot, tables } of live) {
    const free = otherSlot(slot);
    const left = tables.filter((name) =>
      rows.some((row) => row.schema === `read_${free}` && row.name === name),
    );
    await dropTables(tx, left, free);
    dropped.push(...left.map((name) => `read_${free}.${name}`));
  }
  return dropped;
}
