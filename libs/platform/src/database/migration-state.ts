import type pg from 'pg';
import { MIGRATIONS } from './migrations.js';

/** How a database stands to this release. `missing` and `unknown`: the first migration that it lacks, or that we do not know. */
export type MigrationState =
  | { readonly kind: 'prepared' }
  | { readonly kind: 'empty' }
  | { readonly kind: 'behind'; readonly missing: string }
  | { readonly kind: 'ahead'; readonly unknown: string };

/** Looks at what `prepareDatabase` noted; changes nothing. */
export async function migrationState(client: pg.ClientBase): Promise<MigrationState> {
  const { rows: there } = await client.query<{ there: boolean }>(
    "select to_regclass('holdfast.migration') is not null as there",
  );
  if (there[0]?.there !== true) return { kind: 'empty' };
  const { rows } = await client.query<{ name: string }>(
    'select name from holdfast.migration order by version',
  );
  const unknown = rows.find(({ name }, i) => MIGRATIONS[i]?.name !== name);
  if (unknown) return { kind: 'ahead', unknown: unknown.name };
  const missing = MIGRATIONS[rows.length];
  return missing ? { kind: 'behind', missing: missing.name } : { kind: 'prepared' };
}
