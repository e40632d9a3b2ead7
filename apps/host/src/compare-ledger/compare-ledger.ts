import pg from 'pg';
import {
  compareWithDatabase,
  filesystemLogReader,
  type DatabaseRow,
  type Difference,
} from '#ledger/published';
import { noteVerifier } from '#tlog';

export interface Comparison {
  /** How many events the ledger seals. */
  readonly sealed: bigint;
  /** Newer than the sealed state: no fault while the projector is at work. */
  readonly unsealed: number;
  /** In order of their positions. */
  readonly differences: readonly Difference[];
}

/**
 * Holds each event's bytes in the database against the ledger's entry. Reads as the owner, and writes nothing.
 * @throws TlogError when the ledger itself is not in order
 */
export async function compareLedger(folder: string, vkey: string, ownerUrl: string): Promise<Comparison> {
  const client = new pg.Client({ connectionString: ownerUrl });
  // A connection that breaks fails the query; unheard, its event would end the process as well.
  client.on('error', () => undefined);
  await client.connect();
  try {
    // One snapshot: the database as it stands now, whatever is appended meanwhile.
    await client.query('begin isolation level repeatable read read only');
    const compared = await compareWithDatabase(events(client), filesystemLogReader(folder), [
      noteVerifier(vkey),
    ]);
    return comparison(compared);
  } finally {
    await client.end();
  }
}

/** Sorts out what is only newer than the sealed state. */
export function comparison({
  checkpoint,
  differences,
}: Awaited<ReturnType<typeof compareWithDatabase>>): Comparison {
  const faults = differences.filter(({ kind }) => kind !== 'unsealed');
  return { sealed: checkpoint.size, unsealed: differences.length - faults.length, differences: faults };
}

const PAGE = 1_000;

async function* events(client: pg.Client): AsyncGenerator<DatabaseRow> {
  for (let after = '-1'; ;) {
    const { rows } = await client.query<
      NonNullable<DatabaseRow['foundBy']> & { position: string; bytes: Buffer }
    >(
      `select e.position::text, e.bytes, e.stream, e.stream_revision::text as "streamRevision", e.id::text, e.type, e.append_first::text as "appendFirst"
      from events.event e where e.position > $1 order by e.position limit $2`,
      [after, PAGE],
    );
    for (const { position, bytes, ...foundBy } of rows) yield { position: BigInt(position), bytes, foundBy };
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.position;
  }
}
