import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '#test/support/test-database';
import { PostgresEventStore } from './postgres-event-store.js';

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
  const store = new PostgresEventStore(database.url('control'));
  await store.append('note/1', -1n, [{ id: randomUUID(), type: 'Written', bytes: Buffer.from('{}') }]);
  await store.close();
});

async function asking<Result>(url: string, ask: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await ask(client);
  } finally {
    await client.end();
  }
}

describe('R02, R10: what was recorded', () => {
  const INSUFFICIENT_PRIVILEGE = '42501';

  describe.each(['control', 'worker', 'projector', 'proxy', 'owner'] as const)('asked by %s', (who) => {
    it.each([
      `update events.event set bytes = '{"other":1}'`,
      'delete from events.event',
      'truncate events.event',
      'delete from events.head',
      'update events.head set next_position = next_position - 1',
    ])('refuses: %s', async (statement) => {
      const url = who === 'owner' ? database.ownerUrl : database.url(who);
      await expect(asking(url, (client) => client.query(statement))).rejects.toMatchObject({
        code: INSUFFICIENT_PRIVILEGE,
      });
    });
  });

  it('cannot be reached by a session that plays replica either', async () => {
    const asReplica = asking(database.ownerUrl, async (owner) => {
      await owner.query('set session_replication_role = replica');
      await owner.query('delete from events.event');
    });
    await expect(asReplica).rejects.toMatchObject({ code: INSUFFICIENT_PRIVILEGE });
  });

  it('stands there as it was after all that', async () => {
    const { rows } = await asking(database.ownerUrl, (owner) =>
      owner.query<{ bytes: Buffer }>('select bytes from events.event'),
    );
    expect(rows.map(({ bytes }) => bytes.toString())).toEqual(['{}']);
  });
});
