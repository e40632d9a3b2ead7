import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entries, LedgerOnDisk, verifiers } from '../fixtures/ledger-on-disk.js';
import { compareWithDatabase } from './compare-with-database.js';
import type { DatabaseRow, Difference } from './compared-rows.js';
import { filesystemLogReader } from './filesystem-log-reader.js';

const SIZE = 300;

describe('compareWithDatabase', () => {
  let disk: LedgerOnDisk;
  beforeAll(async () => {
    disk = await LedgerOnDisk.make();
    await disk.grow(SIZE);
  });
  afterAll(() => disk[Symbol.asyncDispose]());

  async function differences(rows: readonly DatabaseRow[]): Promise<readonly Difference[]> {
    async function* stream(): AsyncIterable<DatabaseRow> {
      yield* rows;
    }
    const compared = await compareWithDatabase(stream(), filesystemLogReader(disk.folder), verifiers);
    expect(compared.checkpoint.size).toBe(BigInt(SIZE));
    return compared.differences;
  }

  const rows: readonly DatabaseRow[] = entries(0, SIZE).map((bytes, i) => ({ position: BigInt(i), bytes }));

  it('finds nothing in the database that was sealed', async () => {
    expect(await differences(rows)).toEqual([]);
  });

  it('R30: names each altered event', async () => {
    const altered = rows.map((row) =>
      row.position % 100n === 7n ? { ...row, bytes: Buffer.from('{}') } : row,
    );
    expect(await differences(altered)).toEqual(
      [7n, 107n, 207n].map((position) => ({ position, kind: 'differs' })),
    );
  });

  it('R30: names removed events, in the middle and at the end', async () => {
    const kept = rows.filter((row) => row.position !== 5n && row.position < 298n);
    expect(await differences(kept)).toEqual(
      [5n, 298n, 299n].map((position) => ({ position, kind: 'missing' })),
    );
  });

  it('R30: names events that stand twice, and those that are newer than the checkpoint', async () => {
    const more = [...rows.slice(0, 9), ...rows.slice(8), { position: 300n, bytes: Buffer.from('{}') }];
    expect(await differences(more)).toEqual([
      { position: 8n, kind: 'extra' },
      { position: 300n, kind: 'unsealed' },
    ]);
  });
});
