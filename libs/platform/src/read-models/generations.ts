import type { ClientBase } from 'pg';
import type { Cursor } from '#event-store/port';
import { roleName } from '../database/role-url.js';
import type { Projection } from '../projection.js';
import { tableIn, useSlot, viewOf, type Slot } from './slots.js';

/** Empty tables in a slot that is not live; what a crash left there goes. */
export async function makeTables(tx: ClientBase, projection: Projection, slot: Slot): Promise<void> {
  await dropTables(tx, namesOf(projection), slot);
  await useSlot(tx, slot);
  await projection.createTables(tx);
}

/** What readers see of one that is not live, such as after somebody lost its checkpoint: they are told to ask again, not shown old rows. */
export async function dropViews(tx: ClientBase, tables: readonly string[]): Promise<void> {
  if (tables.length > 0) await tx.query(`drop view if exists ${tables.map(viewOf).join(', ')}`);
}

/** @throws pg.DatabaseError when a view still shows one of them */
export async function dropTables(tx: ClientBase, tables: readonly string[], slot: Slot): Promise<void> {
  if (tables.length === 0) return;
  await tx.query(`drop table if exists ${tables.map((table) => tableIn(slot, table)).join(', ')}`);
}

/**
 * Readers see the tables of this slot from the commit on, all at once: the views are theirs by name, and within one version have the same
 * columns. Whoever reads at this moment ends first, and whoever comes meanwhile waits for the commit.
 */
export async function goLive(
  tx: ClientBase,
  projection: Projection,
  { slot, next, cursor }: { readonly slot: Slot; readonly next: bigint; readonly cursor: Cursor | null },
): Promise<void> {
  for (const { name, readers } of projection.tables) {
    await tx.query(`create or replace view ${viewOf(name)} as select * from ${tableIn(slot, name)}`);
    await tx.query(`revoke all on ${viewOf(name)} from public, holdfast_control, holdfast_proxy`);
    if (readers.length > 0)
      await tx.query(`grant select on ${viewOf(name)} to ${readers.map(roleName).join(', ')}`);
  }
  await tx.query(
    `insert into read.projection_checkpoint (name, version, slot, tables, next_position, cursor) values ($1, $2, $3, $4, $5, $6)
     on conflict (name, version) do update set slot = excluded.slot, tables = excluded.tables,
       next_position = excluded.next_position, cursor = excluded.cursor, live_since = excluded.live_since`,
    [projection.name, projection.version, slot, namesOf(projection), next, cursor],
  );
}

export function namesOf(projection: Projection): string[] {
  return projection.tables.map(({ name }) => name);
}
