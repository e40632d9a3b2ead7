import type { ClientBase } from 'pg';
import { viewOf } from '#platform/read-models/slots';

/** A session of the database, as an operator finds it in `pg_stat_activity`. */
export interface Reader {
  readonly pid: number;
  readonly role: string;
}

/** Whose transactions hold locks on these read models' views: they read them and have not ended. */
export async function readersInTheWay(tx: ClientBase, tables: readonly string[]): Promise<readonly Reader[]> {
  const { rows } = await tx.query<Reader>(
    `select distinct activity.pid, activity.usename as role from pg_locks lock join pg_stat_activity activity on activity.pid = lock.pid
     where lock.granted and lock.pid <> pg_backend_pid() and lock.relation in (select to_regclass(name) from unnest($1::text[]) name)
       and lock.database = (select oid from pg_database where datname = current_database())
     order by activity.pid`,
    [tables.map(viewOf)],
  );
  return rows;
}

/** For a person: what to look at, and what to end. */
export function rebuildWaitsFor(names: readonly string[], readers: readonly Reader[]): string {
  const who = readers.map(({ pid, role }) => `${role} (PostgreSQL's process ${pid})`).join(', ');
  return `the rebuild of ${names.join(', ')} waits for transactions that read them to end: ${who || 'they are of a moment ago'}`;
}
