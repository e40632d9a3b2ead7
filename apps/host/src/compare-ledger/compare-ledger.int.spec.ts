import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uuidv7 } from '#kernel';
import { NO_STREAM } from '#event-store/port';
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store';
import { entry, SIGNER, writeLedger } from '#apps/cli/src/testing/test-ledger';
import { testDatabase } from '#test/support/test-database';
import { hostProgram } from '../program.js';
import { compareLedger } from './compare-ledger.js';

/** More than a page, and positions of one to four digits: text and numbers sort differently. */
const SIZE = 1_100;
let folder: string;
let ownerUrl: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-compare-'));
  ({ ownerUrl } = await testDatabase());
  const store = new PostgresEventStore(ownerUrl);
  const events = Array.from({ length: SIZE }, (_, i) => ({ id: uuidv7(), type: 'Tried', bytes: entry(i) }));
  await store.append('tried/1', NO_STREAM, events);
  await store.close();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What somebody does who has the rights of a superuser, past every trigger. */
async function tamper(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query(
      `begin; alter table events.event disable trigger all; ${statement}; alter table events.event enable trigger all; commit`,
    );
  } finally {
    await client.end();
  }
}

describe('compare-ledger', () => {
  it('finds every sealed event in the database, and counts the newer ones', async () => {
    await writeLedger(folder, SIZE - 3);
    expect(await compareLedger(folder, SIGNER.vkey, ownerUrl)).toEqual({
      sealed: BigInt(SIZE - 3),
      unsealed: 3,
      differences: [],
    });
  });

  it('prints, as one line of JSON, which events were altered and which are gone', async () => {
    await writeLedger(folder, SIZE);
    await tamper(`update events.event set bytes = '{"event":"other"}' where position in (9, 1042)`);
    await tamper('delete from events.event where position = 700');
    const lines: string[] = [];
    const env = { DATABASE_URL: ownerUrl };
    const argv = ['compare-ledger', folder, '--vkey', SIGNER.vkey];
    const program = await hostProgram('compare-ledger', env, (line) => lines.push(line));
    await program.parseAsync(argv, { from: 'user' });
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      {
        sealed: String(SIZE),
        unsealed: 0,
        differences: [
          { position: '9', kind: 'differs' },
          { position: '700', kind: 'missing' },
          { position: '1042', kind: 'differs' },
        ],
      },
    ]);
  });

  it('takes no old copy, left where the events were, for the history', async () => {
    const argv = ['compare-ledger', folder, '--vkey', SIGNER.vkey];
    const compare = async (env: NodeJS.ProcessEnv) => {
      const program = await hostProgram('compare-ledger', env, () => undefined);
      await program.parseAsync(argv, { from: 'user' });
    };
    await tamper(`insert into holdfast.event_store (kind) values ('eventstoredb')`);
    await expect(compare({ DATABASE_URL: ownerUrl })).rejects.toMatchObject({ code: 'store-not-in-use' });
    await tamper(`update holdfast.event_store set kind = 'postgresql'`);
    await expect(
      compare({ DATABASE_URL: ownerUrl, EVENTSTORE_URL: 'esdb://127.0.0.1:1?tls=false' }),
    ).rejects.toMatchObject({ code: 'store-not-in-use' });
    await compare({ DATABASE_URL: ownerUrl });
  });

  it('makes no database where a home has none', async () => {
    const argv = ['compare-ledger', folder, '--vkey', SIGNER.vkey];
    const program = await hostProgram('compare-ledger', { HOLDFAST_HOME: folder }, () => undefined);
    await expect(program.parseAsync(argv, { from: 'user' })).rejects.toThrow('has no database');
  });
});
