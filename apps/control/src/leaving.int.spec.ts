import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { auditTrailProjections } from '#audit-trail/projections';
import { catalogProjections } from '#catalog/projections';
import { identityProjections } from '#identity/projections';
import { releaseControlProjections } from '#release-control/projections';
import { ControlUnderTest, PASSWORD, REASON, type Answer } from '#test/support/control-under-test';
import { ProjectorOnDemand } from '#test/support/project';

let control: ControlUnderTest;
let client: pg.Client;
let projector: ProjectorOnDemand;
let admin: string;
let request: string;

/** A site in use, in which ana leaves. */
beforeAll(async () => {
  control = await ControlUnderTest.start();
  client = new pg.Client({ connectionString: control.database.url('projector') });
  await client.connect();
  const projections = [
    ...identityProjections(),
    ...catalogProjections(),
    ...releaseControlProjections(),
    ...auditTrailProjections(),
  ];
  projector = await ProjectorOnDemand.start(client, control.adapters.store, projections);
  admin = await control.admin();
  await control.enrol(admin, 'second', ['admin']);
  await control.enrol(admin, 'third', ['admin']);
  await control.enrol(admin, 'ana', ['author']);
  await control.enrol(admin, 'cyd', ['author']);
  await control.enrol(admin, 'ben', ['approver']);
  await control.enrol(admin, 'olga', ['operator']);
  const closed = await post('/v1/commissioning/close', {}, admin);
  if (closed.status !== 200) throw new Error(closed.text);
  await projector.catchUp();
  const ana = await control.signIn('ana');
  const body = { items: [{ kind: 'access', access: 'gated' }], submit: false };
  request = String((await post('/v1/change-requests', body, ana)).json['id']);
  const token = { name: 'nightly', standingReason: REASON, rings: ['default'], password: PASSWORD };
  const issued = await post('/v1/tokens', token, ana);
  if (issued.status !== 201) throw new Error(issued.text);
});
afterAll(async () => {
  await client.end();
  await control.stop();
});

const post = (url: string, body: object, token = admin) =>
  control.ask('POST', url, { token, body: { reason: REASON, ...body } });
const outcome = ({ status, json }: Answer) => json['code'] ?? status;
async function leaving(login: string): Promise<Answer['json']> {
  await projector.catchUp();
  return (await control.ask('GET', `/v1/people/${login}/leaving`, { token: admin })).json;
}

it('R28: of a person who leaves it is told what there is, and which rules need them', async () => {
  expect(await leaving('ana')).toEqual({
    name: 'ana of the team',
    status: 'active',
    roles: ['author'],
    drafts: [{ id: request, ring: 'default', status: 'drafted' }],
    open: [],
    tokens: [{ id: expect.any(String) as string, name: 'nightly', rings: ['default'] }],
    holds: [],
    onCall: [],
    policies: [],
  });
  const { policies } = await leaving('ben');
  expect(policies).toMatchObject([
    { ring: 'default', missing: ['1 more signature, 1 with the role approver'] },
  ]);
  expect(await leaving('nobody')).toMatchObject({ code: 'unknown-person' });
});

it('R28: what they were working on goes on with another author, once they are disabled', async () => {
  const handOver = (to: string, token = admin) =>
    post(`/v1/change-requests/${request}/hand-over`, { to }, token);
  expect(outcome(await handOver('cyd'))).toBe('author-not-disabled');
  expect(outcome(await post('/v1/people/ana/disable', {}))).toBe(200);
  expect(outcome(await handOver('ben'))).toBe('not-an-author');
  expect(outcome(await handOver('cyd', await control.signIn('olga')))).toBe('admin-required');
  expect(outcome(await handOver('cyd'))).toBe(200);
  expect((await handOver('cyd')).json).toMatchObject({ cursor: null });
  const [token] = (await leaving('ana'))['tokens'] as readonly { readonly id: string }[];
  expect(outcome(await post(`/v1/tokens/${token?.id}/revoke`, {}))).toBe(200);
  expect(await leaving('ana')).toMatchObject({
    status: 'disabled',
    roles: ['author'],
    drafts: [],
    tokens: [],
  });
  const { json } = await control.ask('GET', '/v1/change-requests', { token: admin });
  expect(json['changeRequests']).toMatchObject([{ id: request, author: 'cyd of the team' }]);
  const cyd = await control.signIn('cyd');
  expect(outcome(await post(`/v1/change-requests/${request}/submit`, {}, cyd))).toBe(202);
});

it('R28: the last but one admin is not removed, nor are two at the same moment', async () => {
  await projector.catchUp();
  const disable = (login: string) => post(`/v1/people/${login}/disable`, {});
  const [second, third] = (await Promise.all([disable('second'), disable('third')])).map(outcome);
  expect(new Set([second, third])).toEqual(new Set([200, 'too-few-admins']));
  const left = second === 200 ? 'third' : 'second';
  expect(outcome(await disable(left))).toBe('too-few-admins');
  const revoked = await control.ask('DELETE', `/v1/people/${left}/roles/admin`, {
    token: admin,
    body: { reason: REASON },
  });
  expect(outcome(revoked)).toBe('too-few-admins');
});
