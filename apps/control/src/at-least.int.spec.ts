import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import pg from 'pg';
import { decodeEvent } from '#kernel';
import { auditTrailProjections } from '#audit-trail/projections';
import { catalogProjections } from '#catalog/projections';
import { fleetProjections } from '#fleet/projections';
import { identityProjections } from '#identity/projections';
import type { PositionedEvent } from '#platform/projection';
import { releaseControlProjections } from '#release-control/projections';
import { reviewsProjections } from '#reviews/projections';
import { ControlUnderTest, REASON } from '#test/support/control-under-test';
import { emptyReadModels, projectInto } from '#test/support/read-models';
import { CONTROL_READS } from './control-reads.js';

let control: ControlUnderTest;
let admin: string;
let projector: pg.Client;

beforeAll(async () => {
  control = await ControlUnderTest.start();
  admin = await control.admin();
  projector = new pg.Client({ connectionString: control.database.url('projector') });
  await projector.connect();
  await emptyReadModels(projector, projections);
});
afterAll(async () => {
  await projector.end();
  await control.stop();
});

const projections = [
  ...auditTrailProjections(),
  ...identityProjections(),
  ...catalogProjections(),
  ...releaseControlProjections(),
  ...fleetProjections(),
  ...reviewsProjections(),
];

let projected = 0;

/** What the projector does with what is new. */
async function project(): Promise<void> {
  const events: PositionedEvent[] = [];
  let cursor = '';
  for await (const append of control.adapters.store.readAll(null)) {
    cursor = append.cursor;
    for (const { bytes } of append.events) {
      events.push({ position: BigInt(events.length), envelope: decodeEvent(bytes), bytes });
    }
  }
  await projectInto(projector, projections, events.slice(projected), cursor);
  projected = events.length;
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
    expect(answer.headers).toMatchObject({ 'retry-after': '5' });
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
      `select role, to_position > from_position as ended from read.person_roles_v6 where person = $1 order by role`,
      [id],
    );
    expect(rows).toEqual([
      { role: 'approver', ended: true },
      { role: 'author', ended: true },
    ]);
  });
});

describe('one person', () => {
  const show = (who: string, headers = {}) =>
    control.ask('GET', `/v1/people/${who}`, { token: admin, headers });

  it('R20: is shown by login or id as the list has them, also disabled, with the revision for If-Match', async () => {
    const id = await control.enrol(admin, 'eve', ['author']);
    await control.ask('POST', '/v1/people/eve/disable', { token: admin, body: { reason: REASON } });
    await project();
    const list = await control.ask('GET', '/v1/people', { token: admin });
    const line = (list.json['people'] as readonly Person[]).find(({ login }) => login === 'eve');
    expect(line).toMatchObject({ id, status: 'disabled' });
    const answer = await show('eve');
    expect(answer).toMatchObject({ status: 200, json: line });
    expect((await show(id)).json).toEqual(line);
    expect((await show(id.toUpperCase())).json).toEqual(line);
    const tag = String(answer.headers['etag']);
    expect(tag.startsWith(`${String(answer.json['etag']).slice(0, -1)}-`)).toBe(true);
    expect((await show('eve', { 'if-none-match': tag })).status).toBe(304);
  });

  it.each(['nora', 'EVE', "eve'--", '00000000-0000-7000-8000-000000000000', 'x'.repeat(100)])(
    'is nobody whose login or id is %s',
    async (who) => expect(await show(who)).toMatchObject({ status: 404, json: { code: 'unknown-person' } }),
  );
});

describe('the status', () => {
  it('says how far the history and its read models are', async () => {
    await project();
    const all = (await control.ask('GET', '/v1/status', { token: admin })).json;
    expect(all).toMatchObject({
      site: { origin: 'site.example/log' },
      projections: CONTROL_READS.map(({ name, version }) => ({
        name,
        version,
        position: all['position'],
        lag: '0',
      })),
      evaluationDatabase: true,
      eventStore: { kind: 'postgresql', experimental: false },
    });
    await enrol('dan');
    const later = (await control.ask('GET', '/v1/status', { token: admin })).json;
    // A login and a person with two roles.
    expect(later['projections']).toContainEqual({
      name: 'people',
      version: 6,
      position: all['position'],
      lag: '4',
    });
  });
});
