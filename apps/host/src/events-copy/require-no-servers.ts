import type pg from 'pg';
import { DATABASE_ROLES, roleName } from '#platform/database/role-url';

/**
 * The home's lock tells of a site that `up` runs; servers that something else started show themselves in the database.
 * @throws Error naming those that run
 */
export async function requireNoServers(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ usename: string }>(
    'select distinct usename from pg_stat_activity where datname = current_database() and usename = any ($1) order by 1',
    [DATABASE_ROLES.map(roleName)],
  );
  if (rows.length === 0) return;
  throw new Error(
    `these servers are connected to the database: ${rows.map(({ usename }) => usename).join(', ')}. Stop them first`,
  );
}
