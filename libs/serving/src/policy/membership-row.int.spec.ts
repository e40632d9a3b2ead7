import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testDatabase } from '#test/support/test-database';
import { MembershipRow } from './membership-row.js';

const MEMBERS = Buffer.from('members');
const MINUTE = 60_000;

let client: pg.Client;
let row: MembershipRow;
let now = 0;
let seen = 0;

beforeAll(async () => {
  client = new pg.Client({ connectionString: (await testDatabase()).ownerUrl });
  await client.connect();
  // The database counts what it hashes.
  await client.query(`
    create schema counting;
    create sequence counting.hashed minvalue 0;
    create function counting.sha256(bytea) returns bytea language plpgsql as
      'begin perform nextval(''counting.hashed''); return pg_catalog.sha256($1); end';
    set search_path to counting, pg_catalog;
    create table read.policy_document_v1
      (ring text primary key, position bigint not null, document bytea not null, note text not null);
  `);
});
afterAll(() => client.end());
beforeEach(async () => {
  await client.query(`
    truncate read.policy_document_v1;
    insert into read.policy_document_v1 values ('*', 7, 'members', 'of 7'), ('default', 7, 'policy', 'of 7');
  `);
  [row, now] = [new MembershipRow(client, () => now), 0];
  await row.read(MEMBERS, ['default']);
  seen = await hashed();
});

const set = (what: string) => client.query(`update read.policy_document_v1 set ${what} where ring = '*'`);

async function hashed(): Promise<number> {
  const { rows } = await client.query<{ n: string }>('select last_value::text as n from counting.hashed');
  return Number(rows[0]?.n);
}

/** What is found, and how often the database hashed since the look before. */
async function look(obeyed = MEMBERS) {
  const found = await row.read(obeyed, ['default']);
  const before = seen;
  seen = await hashed();
  const text = typeof found === 'object' ? Buffer.from(found.document).toString() : found;
  return { found: text, hashed: seen - before };
}

describe('the row of who is in which ring', () => {
  it('is hashed once, while it stays as it is', async () => {
    for (let n = 0; n < 3; n++) expect(await look()).toEqual({ found: 'as obeyed', hashed: 0 });
  });

  it.each([
    ['position', `position = 8, document = 'mEmbers'`, 'mEmbers'],
    ['note', `note = 'of 8', document = 'mEmbers'`, 'mEmbers'],
    ['length', `document = 'others'`, 'others'],
  ])('is offered at once where its document is another one, and its %s', async (_what, change, found) => {
    await set(change);
    expect(await look()).toEqual({ found, hashed: 1 });
  });

  it('is as obeyed where all but its document is another one, and is hashed once then', async () => {
    await set(`position = 8, note = 'of 8'`);
    expect(await look()).toEqual({ found: 'as obeyed', hashed: 1 });
    expect(await look()).toEqual({ found: 'as obeyed', hashed: 0 });
  });

  it('is offered within a minute where nothing but its bytes is altered', async () => {
    await set(`document = 'mEmbers'`);
    now = MINUTE - 1;
    expect(await look()).toEqual({ found: 'as obeyed', hashed: 0 });
    now = MINUTE;
    expect(await look()).toEqual({ found: 'mEmbers', hashed: 1 });
    expect(await look()).toEqual({ found: 'mEmbers', hashed: 1 });
  });

  it('is looked at anew once another document is obeyed', async () => {
    expect(await look(Buffer.from('others'))).toEqual({ found: 'members', hashed: 1 });
    expect(await look()).toEqual({ found: 'as obeyed', hashed: 0 });
  });

  it('is missing where the rows of rings are alone, and where there is none, nothing was projected', async () => {
    await client.query(`delete from read.policy_document_v1 where ring = '*'`);
    expect(await look()).toEqual({ found: 'missing', hashed: 0 });
    await client.query('delete from read.policy_document_v1');
    expect(await look()).toEqual({ found: undefined, hashed: 0 });
  });
});
