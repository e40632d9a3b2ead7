import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import pg from 'pg';
import { decodeEvent } from '#kernel';
import { identityProjections } from '#identity/projections';
import type { PositionedEvent } from '#platform/projection';
import { ControlUnderTest, REASON } from '#test/support/control-under-test';

let control: ControlUnderTest;
let admin: string;
let projector: pg.Client;

beforeAll(async () => {
  control = await ControlUnderTest.start();
  admin = await control.admin();
  projector = new pg.Client({ connectionString: control.database.url('projector') });
  await projector.connect();
});
afterAll(async () => {
  await projector.end();
  await control.stop();
});

/** What the projector does, in one transaction and from the beginning. */
async function project(): Promise<void> {
  const events: PositionedEvent[] = [];
  let cursor = '';
  for await (const append of control.adapters.store.readAll(null)) {
    cursor = append.cursor;
    for (const { bytes } of append.events) {
      events.push({ position: BigInt(events.length), envelope: decodeEvent(bytes), bytes });
    }
  }
  await projector.query('begin');
  await projector.query(`create table if not exists read.projection_checkpoint (
    name text, version int, next_position bigint, cursor text, primary key (name, version))`);
  for (const projection of identityProjections()) {
    await projection.createTables(projector);
    await projector.query('truncate read.people_v1, read.person_roles_v1');
    await projection.apply(projector, events);
    await projector.query(
      `insert into read.projection_checkpoint values ($1, $2, $3, $4)
       on conflict (name, version) do update set next_position = excluded.next_position, cursor = excluded.cursor`,
      [projection.name, projection.version, events.length, cursor],
    );
  }
  await projector.query('commit');
}

async function enrol(login: string): Promise<string> {
  const body = { login, name: `${login} of the team`, roles: ['operator', 'author'], reason: REASON };
  return String((await control.ask('POST', '/v1/people', { token: admin, body })).json['cursor']);
}

interface Person {
  readonly login: string;
  readonly status: string;
  readonly roles: readonly string[];
}
const people = async (query = '') => {
  const answer = await control.ask('GET', `/v1/people${query}`, { token: admin });
  return (answer.json['people'] as readonly Person[]).map(
    ({ login, status, roles }) => `${login} ${status} ${roles.join()}`,
  );
};

describe('?atLeast', () => {
  it('waits until the read models show what the command did', async () => {
    await project();
    const cursor = await enrol('ana');
    const asked = people(`?atLeast=${cursor}`);
    await project();
    expect(await asked).toEqual(['admin active admin', 'ana enrolled author,operator']);
  });

  it('says so when they do not get there in time', async () => {
    const cursor = await enrol('ben');
    const answer = await control.ask('GET', `/v1/people?atLeast=${cursor}`, { token: admin });
    expect(answer.json).toMatchObject({ status: 503, code: 'not-yet-projected' });
  });

  it.each(['x', '', '-1', '1&atLeast=2', '99999999999999999999'])('refuses %j', async (cursor) => {
    const answer = await control.ask('GET', `/v1/status?atLeast=${cursor}`, { token: admin });
    expect(answer.status).toBe(400);
  });
});

describe('the people that are shown', () => {
  it('are as the history has them, with who had which right when', async () => {
    const id = await control.enrol(admin, 'cleo', ['author', 'approver']);
    const url = '/v1/people/cleo/roles/author';
    await control.ask('DELETE', url, { token: admin, body: { reason: REASON } });
    await control.ask('POST', '/v1/people/cleo/disable', { token: admin, body: { reason: REASON } });
    await project();
    expect(await people()).toContain('cleo disabled approver');
    const { rows } = await projector.query<{ role: string; ended: boolean }>(
      `select role, to_position > from_position as ended from read.person_roles_v1 where person = $1 order by role`,
      [id],
    );
    expect(rows).toEqual([
      { role: 'approver', ended: true },
      { role: 'author', ended: true },
    ]);
  });
});

describe('the status', () => {
  it('says how far the history and its read models are', async () => {
    await project();
    const all = (await control.ask('GET', '/v1/status', { token: admin })).json;
    expect(all).toMatchObject({
      site: { origin: 'site.example/log' },
      projections: [{ name: 'people', version: 1, position: all['position'], lag: '0' }],
      evaluationDatabase: true,
      eventStore: { kind: 'postgresql', experimental: false },
    });
    await enrol('dan');
    const later = (await control.ask('GET', '/v1/status', { token: admin })).json;
    // A login and a person with two roles.
    expect(later).toMatchObject({ projections: [{ position: all['position'], lag: '4' }] });
  });
});
