import type pg from 'pg';
import type { Cursor } from '#event-store/port';

/** Where the database keeps cursors: each is of the store that the history is in. */
const TABLES = ['worker.reactor_checkpoint', 'read.projection_checkpoint'] as const;

/** Every cursor that reactors and read models go on from. As the owner. */
export async function keptCursors(client: pg.ClientBase): Promise<ReadonlySet<Cursor>> {
  const found = new Set<Cursor>();
  for (const table of TABLES) {
    const { rows } = await client.query<{ cursor: Cursor }>(
      `select distinct cursor from ${table} where cursor is not null`,
    );
    for (const { cursor } of rows) found.add(cursor);
  }
  return found;
}

/**
 * Puts each at its place in the other store, inside the caller's transaction: reactors do nothing twice, and read models go on. A request whose answer was lost is looked
 * for from the beginning: of it, a cursor need only be before whatever it did.
 * @throws Error for one whose place is not known
 */
export async function moveKeptCursors(
  client: pg.ClientBase,
  places: ReadonlyMap<Cursor, Cursor>,
): Promise<void> {
  for (const table of TABLES) {
    const unknown = await client.query<{ cursor: Cursor }>(
      `select cursor from ${table} where cursor is not null and cursor <> all ($1::text[]) limit 1`,
      [[...places.keys()]],
    );
    const [row] = unknown.rows;
    if (row)
      throw new Error(`${table} is at ${row.cursor}, which is no place in the history that was copied`);
    await client.query(
      `update ${table} as kept set cursor = place.target
       from unnest($1::text[], $2::text[]) as place (source, target) where kept.cursor = place.source`,
      [[...places.keys()], [...places.values()]],
    );
  }
  await client.query('update requests.taken set after = null where after is not null');
}
