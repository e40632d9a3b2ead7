import type { ClientBase } from 'pg';
import type { Projection } from '#platform/projection';
import { lockCheckpoints, sameVersion } from '#platform/read-models/checkpoints';
import { tableIn, viewOf } from '#platform/read-models/slots';

/**
 * The tables whose readers are shown something else than the table's rows: readers name a view, and whoever replaced that (or put another
 * kind of thing, or a policy for rows, in between) need not touch a row. In a short transaction of its own, in which no rebuild switches.
 */
export async function tablesNotShown(
  client: ClientBase,
  projections: readonly Projection[],
): Promise<ReadonlySet<string>> {
  await client.query('begin');
  try {
    // Names are then given in full.
    await client.query(`set local search_path to ''`);
    const live = await lockCheckpoints(client, projections);
    const hidden = new Set<string>();
    for (const projection of projections) {
      const checkpoint = live.find((each) => sameVersion(each, projection));
      if (!checkpoint) continue;
      for (const { name } of projection.tables)
        if (!(await shows(client, viewOf(name), tableIn(checkpoint.slot, name)))) hidden.add(name);
    }
    return hidden;
  } finally {
    await client.query('rollback');
  }
}

/** A table that is gone is not this one's to report. */
async function shows(client: ClientBase, view: string, table: string): Promise<boolean> {
  const { rows: tables } = await client.query<{ plain: boolean }>(
    `select relkind = 'r' and not relrowsecurity as plain from pg_class where oid = to_regclass($1)`,
    [table],
  );
  if (!tables[0]) return true;
  if (!tables[0].plain) return false;
  await client.query(`create temporary view as_made as select * from ${table}`);
  const { rows: views } = await client.query<{ same: boolean }>(
    `select relkind = 'v' and pg_get_viewdef(oid) = pg_get_viewdef('pg_temp.as_made'::regclass) as same
     from pg_class where oid = to_regclass($1)`,
    [view],
  );
  await client.query('drop view pg_temp.as_made');
  return views[0]?.same ?? false;
}
