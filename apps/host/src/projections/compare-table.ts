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
  await client.query(AS_TEXT);
  const scratch = `pg_temp.${escapeIdentifier(table)}`;
  const columns = await keyColumns(client, scratch);
  const keys = columns.map(({ column }) => escapeIdentifier(column)).join(', ');
  const order = columns
    .map(({ column, ordered }) => `${escapeIdentifier(column)}${ordered ? ' collate "C"' : ''}`)
    .join(', ');
  const { rows } = await client.query<Omit<TableVerdict, 'table'>>(`
    with live as (select ${keys}, ${ROW} as digest from ${live} as t),
      scratch as (select ${keys}, ${ROW} as digest from ${scratch} as t),
      different as (
        select row_number() over (order by ${order}) as ordinal,
          (select row_to_json(key)::text from (select ${keys}) as key) as key,
          case when live.digest is null then 'missing' when scratch.digest is null then 'extra' else 'altered' end as kind
        from live full join scratch using (${keys})
        where live.digest is distinct from scratch.digest)
    select (select encode(sha256(convert_to(coalesce(string_agg(digest, '' order by ${order}), ''), 'UTF8')), 'hex') from scratch) as digest,
      (select count(*)::integer from different) as differences,
      (select json_build_object('key', key, 'kind', kind) from different where ordinal = 1) as first`);
  const [verdict] = rows;
  if (!verdict) throw new Error(`the comparison of ${table} gave nothing`);
  return { table, ...verdict };
}

/** So that the same rows have the same text and the same order, whatever the database's settings and collation are. In a transaction. */
const AS_TEXT = `set local timezone to 'UTC'; set local datestyle to 'ISO, YMD'; set local intervalstyle to 'postgres';
  set local extra_float_digits to 1; set local bytea_output to 'hex'`;

const ROW = `encode(sha256(convert_to(t::text, 'UTF8')), 'hex')`;

interface KeyColumn {
  readonly column: string;
  /** By a collation. */
  readonly ordered: boolean;
}

/** Of the scratch table: whoever altered the live one may have altered its key too. */
async function keyColumns(client: ClientBase, table: string): Promise<readonly KeyColumn[]> {
  const { rows } = await client.query<KeyColumn>(
    `select a.attname as column, a.attcollation <> 0 as ordered from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)
     where i.indrelid = $1::regclass and i.indisprimary order by array_position(i.indkey::int2[], a.attnum)`,
    [table],
  );
  return rows;
}
