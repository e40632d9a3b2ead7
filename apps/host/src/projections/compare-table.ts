import { escapeIdentifier, type ClientBase } from 'pg';

export interface TableVerdict {
  readonly table: string;
  /** SHA-256, hex, over the rows that follow from the events, in the order of their keys. */
  readonly digest: string;
  readonly differences: number;
  /** By its primary key, as JSON. */
  readonly first: { readonly key: string; readonly kind: 'altered' | 'missing' | 'extra' } | null;
}

/**
 * Compares a live table with the scratch table of the same name, row by row, by the digest of each row's text.
 * @param live its full name, quoted
 */
export async function compareTable(client: ClientBase, table: string, live: string): Promise<TableVerdict> {
  const scratch = `pg_temp.${escapeIdentifier(table)}`;
  const keys = (await keyColumns(client, scratch)).map(escapeIdentifier).join(', ');
  const { rows } = await client.query<Omit<TableVerdict, 'table'>>(`
    with live as (select ${keys}, ${ROW} as digest from ${live} as t),
      scratch as (select ${keys}, ${ROW} as digest from ${scratch} as t),
      different as (
        select row_number() over (order by ${keys}) as ordinal,
          (select row_to_json(key)::text from (select ${keys}) as key) as key,
          case when live.digest is null then 'missing' when scratch.digest is null then 'extra' else 'altered' end as kind
        from live full join scratch using (${keys})
        where live.digest is distinct from scratch.digest)
    select (select encode(sha256(convert_to(coalesce(string_agg(digest, '' order by ${keys}), ''), 'UTF8')), 'hex') from scratch) as digest,
      (select count(*)::integer from different) as differences,
      (select json_build_object('key', key, 'kind', kind) from different where ordinal = 1) as first`);
  const [verdict] = rows;
  if (!verdict) throw new Error(`the comparison of ${table} gave nothing`);
  return { table, ...verdict };
}

const ROW = `encode(sha256(convert_to(t::text, 'UTF8')), 'hex')`;

/** Of the scratch table: whoever altered the live one may have altered its key too. */
async function keyColumns(client: ClientBase, table: string): Promise<string[]> {
  const { rows } = await client.query<{ column: string }>(
    `select a.attname as column from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)
     where i.indrelid = $1::regclass and i.indisprimary order by array_position(i.indkey::int2[], a.attnum)`,
    [table],
  );
  return rows.map(({ column }) => column);
}
