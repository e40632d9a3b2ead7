import pg from 'pg';
import { rowsFrom } from '#event-store/postgres/rows-from';
import { compareWithDatabase, filesystemLogReader, type Difference } from '#ledger/published';
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
    const compared = await compareWithDatabase(rowsFrom(client, 0n), filesystemLogReader(folder), [
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
