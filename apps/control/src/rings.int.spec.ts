import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogProjections } from '#catalog/projections';
import { releaseControlProjections } from '#release-control/projections';
import { ControlUnderTest, PASSWORD } from '#test/support/control-under-test';
import { emptyReadModels } from '#test/support/read-models';

const reason = { code: 'new-ring', text: 'two lines try each release first' };

let control: ControlUnderTest;
let olga: string;
let ana: string;
/** For a ring that there is, and one that there is not. */
let token: string;

beforeAll(async () => {
  control = await ControlUnderTest.start();
  const admin = await control.admin();
  await control.enrol(admin, 'olga', ['operator']);
  await control.enrol(admin, 'ana', ['author']);
  [olga, ana] = [await control.signIn('olga'), await control.signIn('ana')];
  const body = { name: 'pins', standingReason: reason, rings: ['pilot', 'gone'], password: PASSWORD, reason };
  token = String((await control.ask('POST', '/v1/tokens', { token: ana, body })).json['token']);
  const client = new pg.Client({ connectionString: control.database.url('projector') });
  await client.connect();
  await emptyReadModels(client, [...catalogProjections(), ...releaseControlProjections()]);
  await client.end();
});
afterAll(() => control.stop());

const create = (name: string, more: object = {}, who = olga) =>
  control.ask('POST', '/v1/rings', { token: who, body: { name, reason, ...more } });
const override = { snap: 'lab-hello', channel: 'latest/stable', revision: 2 };

describe('rings', () => {
  it('are created in their order, each an event with its reason', async () => {
    expect((await create('production')).json).toMatchObject({ rings: ['default', 'production'] });
    const pilot = await create('pilot', { before: 'production' });
    expect(pilot).toMatchObject({ status: 201, json: { rings: ['default', 'pilot', 'production'] } });
    const listed = await control.ask('GET', '/v1/rings', { token: ana });
    expect(listed.json).toEqual({ rings: ['default', 'pilot', 'production'] });
    expect(await control.history('rings')).toMatchObject([
      { type: 'RingCreated', actor: { name: 'olga of the team' }, reason, data: { ring: 'production' } },
      { type: 'RingCreated', data: { ring: 'pilot', order: ['default', 'pilot', 'production'] } },
    ]);
  });

  it('are created once, by operators, under a right name', async () => {
    expect((await create('default')).json).toMatchObject({ status: 409, code: 'ring-exists' });
    expect((await create('staging', {}, ana)).json).toMatchObject({ status: 403, code: 'operator-required' });
    expect((await create('The Ring')).json).toMatchObject({ status: 400, code: 'invalid-request' });
    expect((await create('staging', { before: 'gone' })).json).toMatchObject({
      status: 404,
      code: 'no-such-ring',
    });
  });

  it('have each what is asked for it', async () => {
    const body = { ring: 'pilot', items: [override], reason };
    const answer = await control.ask('POST', '/v1/change-requests', { token: ana, body });
    expect(answer.status).toBe(202);
    const [drafted] = await control.history(`change-request/${String(answer.json['id'])}`);
    expect(drafted).toMatchObject({ type: 'ChangeDrafted', data: { ring: 'pilot' } });
    const before = {
      token,
      body: [{ snap_name: 'lab-hello', revision: 2, channel: 'stable', series: '16' }],
    };
    expect((await control.ask('POST', '/v2/metadata/overrides?ring=pilot', before)).status).toBe(202);
  });
});

describe('a ring that there is not', () => {
  const items = [override];
  it.each<['GET' | 'POST', string, object?]>([
    ['GET', '/v1/policies/gone'],
    ['GET', '/v1/access?ring=gone'],
    ['GET', '/v1/overrides?ring=gone'],
    ['GET', '/v1/candidates?ring=gone'],
    ['GET', '/v1/installed-revisions?ring=gone'],
    ['POST', '/v1/override-previews', { ring: 'gone', items }],
    ['POST', '/v1/change-requests', { ring: 'gone', items, reason }],
  ])('is an error: %s %s', async (method, url, body) => {
    const answer = await control.ask(method, url, { token: ana, ...(body && { body }) });
    expect(answer.json).toMatchObject({
      status: 404,
      code: 'no-such-ring',
      detail: 'there is no ring gone: there are default, pilot, production',
    });
  });

  it.each<['GET' | 'POST', string, unknown?]>([
    ['GET', '/v2/metadata/overrides?ring=gone'],
    [
      'POST',
      '/v2/metadata/overrides?ring=gone',
      [{ snap_name: 'lab-hello', revision: 2, channel: 'stable', series: '16' }],
    ],
    ['POST', '/v1/token-submissions', { ring: 'gone', items }],
  ])('is an error for a token as well, also for one that is for it: %s %s', async (method, url, body) => {
    const answer = await control.ask(method, url, { token, ...(body !== undefined && { body }) });
    expect(answer.json).toMatchObject({ status: 404, code: 'no-such-ring' });
  });
});
