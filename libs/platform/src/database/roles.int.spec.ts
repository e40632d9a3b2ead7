import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '#test/support/test-database';
import { DATABASE_ROLES, roleName, roleUrl, type DatabaseRole } from './role-url.js';

let database: TestDatabase;
const clients = new Map<string, pg.Client>();

async function connect(name: string, url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  clients.set(name, client);
}

function as(name: string): pg.Client {
  const client = clients.get(name);
  if (!client) throw new Error(`nobody is connected as ${name}`);
  return client;
}

const APPEND = `select outcome from events.append(
  array['stream/' || gen_random_uuid()], array[-1::bigint], array[1], array[gen_random_uuid()], array['Written'], array['{}'::bytea])`;

beforeAll(async () => {
  database = await testDatabase();
  for (const role of DATABASE_ROLES) await connect(role, database.url(role));
  await connect('superuser', database.ownerUrl);
  // Sites' owners are seldom superusers, and nobody's rights are wider than theirs.
  const owner = `owner_${randomUUID().replaceAll('-', '')}`;
  await as('superuser').query(`create role ${owner} login password 'test'`);
  await as('superuser').query(`
    alter schema events owner to ${owner}; alter table events.event owner to ${owner}; alter table events.head owner to ${owner}`);
  const url = new URL(database.ownerUrl);
  [url.username, url.password] = [owner, 'test'];
  await connect('owner', url.href);
  await as('control').query(APPEND);
});
afterAll(async () => {
  for (const client of clients.values()) await client.end();
});

const denied = { code: '42501' };
/** The last one: what a role may do, though not without its lease. */
const REFUSED: readonly unknown[] = ['42501', 'HF001'];
const everybody = [...DATABASE_ROLES, 'owner', 'superuser'];

describe.each(everybody)('%s', (name) => {
  it.each([
    `update events.event set type = 'Other'`,
    `update events.event set type = 'Other' where false`,
    'delete from events.event',
    'delete from events.event where false',
    'truncate events.event',
    'truncate events.event cascade',
    'delete from events.head',
    'truncate events.head',
    'update events.head set next_position = next_position',
    'update events.head set next_position = 0',
    `merge into events.event e using (values (0)) v (position) on e.position = v.position when matched then delete`,
    `insert into events.event (position, stream, stream_revision, id, type, append_first, bytes)
       select position, stream, stream_revision, id, type, append_first, bytes from events.event
       on conflict (position) do update set type = 'Other'`,
  ])('is refused: %s', async (statement) => {
    await expect(as(name).query(statement)).rejects.toMatchObject(denied);
  });
});

it('refuses changes in a session that plays replica, too', async () => {
  await as('superuser').query('begin; set local session_replication_role = replica');
  await expect(as('superuser').query('delete from events.event')).rejects.toMatchObject(denied);
  await as('superuser').query('rollback');
});

/** What each server needs, and nobody else may do. */
const RIGHTS: readonly (readonly [what: string, statement: string, who: readonly DatabaseRole[]])[] = [
  ['append', APPEND, ['control']],
  [
    'append under a lease of its own',
    `with lease as materialized (select name, epoch from holdfast.take_lease())
     select outcome from lease, events.append(array['stream/' || gen_random_uuid()], array[-1::bigint], array[1],
       array[gen_random_uuid()], array['Written'], array['{}'::bytea], lease.name, lease.epoch)`,
    ['worker'],
  ],
  ['read events', 'select from events.event', ['control', 'worker', 'projector']],
  ['add an event beside the function', `insert into events.event (position) values (99)`, []],
  ['make a read model', 'create table read.made_by_test (a integer)', ['projector']],
  [
    'write where reactors stand',
    `insert into worker.reactor_checkpoint values (gen_random_uuid(), '1')`,
    ['worker'],
  ],
  ['take a lease, which is its own', 'select holdfast.take_lease()', ['worker', 'projector']],
  ['see who holds a lease', 'select from holdfast.lease', ['control', 'worker', 'projector']],
  ['begin an epoch beside the function', 'update holdfast.lease set epoch = epoch + 1', []],
  [
    'see what the history is known to have',
    'select from holdfast.known_event',
    ['control', 'worker', 'projector'],
  ],
  [
    'say what the history is known to have',
    `insert into holdfast.known_event values (1, 0, 'x', 0, gen_random_uuid()) on conflict (one) do update set position = 0`,
    ['projector'],
  ],
  ['forget what the history is known to have', 'delete from holdfast.known_event', []],
  ['say where the history is', `update holdfast.event_store set kind = 'eventstoredb'`, []],
  ['open or close the head', 'update events.head set closed = not closed', []],
  ['add a lease beside the function', `insert into holdfast.lease values ('x', 1, now())`, []],
  ['end a lease', 'delete from holdfast.lease', []],
  ['forget that it was prepared', 'delete from holdfast.migration', []],
  ['read credentials', 'select from identity.credential', ['control']],
  [
    'add a credential',
    `insert into identity.credential (id, person, verifier) values (gen_random_uuid(), gen_random_uuid(), 'x')`,
    ['control'],
  ],
  ['change a credential', `update identity.credential set verifier = 'x'`, []],
  ['remove a credential', 'delete from identity.credential', []],
  // The worker opens those of sinks; the others are sealed under a key that it does not have.
  ['read sealed settings', 'select from site.sealed_setting', ['control', 'worker']],
  [
    'seal a setting',
    `insert into site.sealed_setting (key, digest, sealed) values ('x', gen_random_uuid(), '')`,
    ['control'],
  ],
  ['remove a sealed setting', `delete from site.sealed_setting where key = 'x'`, ['control']],
  ['see what sinks were told', 'select from worker.sink_state, worker.dead_letter', ['control', 'worker']],
  ['say what sinks were told', `update worker.sink_state set events = 0`, ['worker']],
  ['take off a trigger', 'alter table events.event disable trigger all', []],
  ['replace the function', 'drop function events.append', []],
  ['read passwords', 'select from pg_authid', []],
  ['become another role', 'set role holdfast_projector', ['projector']],
  ['read files', `select pg_read_file('postmaster.pid')`, []],
  ['run programs', `copy (select 1) to program 'true'`, []],
];

describe.each(RIGHTS)('may %s', (_what, statement, who) => {
  it.each(DATABASE_ROLES)('%s?', async (role) => {
    const attempt = as(role).query(statement);
    const expected: unknown = who.includes(role) ? 'allowed' : 'refused';
    const outcome: unknown = await attempt.then(
      () => 'allowed',
      ({ code }: { readonly code?: unknown }) => (REFUSED.includes(code) ? 'refused' : code),
    );
    expect(outcome).toEqual(expected);
  });
});

describe('a read model', () => {
  it('is read by control, and by the proxy when it is granted', async () => {
    await as('projector').query(
      'create table read.answers (a integer); grant select on read.answers to holdfast_proxy',
    );
    await as('projector').query('create table read.questions (a integer)');
    for (const table of ['read.answers', 'read.questions']) {
      await as('control').query(`select from ${table}`);
      await expect(as('control').query(`delete from ${table}`)).rejects.toMatchObject(denied);
    }
    await as('proxy').query('select from read.answers');
    await expect(as('proxy').query('select from read.questions')).rejects.toMatchObject(denied);
    await expect(as('worker').query('select from read.answers')).rejects.toMatchObject(denied);
  });
});

describe('passwords', () => {
  it('of another site do not open this one', async () => {
    for (const role of DATABASE_ROLES) {
      const client = new pg.Client({
        connectionString: roleUrl(database.ownerUrl, role, Buffer.alloc(32, 1)),
      });
      await expect(client.connect()).rejects.toMatchObject({ code: '28P01' });
    }
  });

  it('are kept as verifiers only', async () => {
    const { rows } = await as('superuser').query<{ rolpassword: string }>(
      'select rolpassword from pg_authid where rolname = any ($1)',
      [DATABASE_ROLES.map(roleName)],
    );
    expect(rows.map((row) => row.rolpassword.slice(0, 19))).toEqual(
      DATABASE_ROLES.map(() => 'SCRAM-SHA-256$4096:'),
    );
  });
});
