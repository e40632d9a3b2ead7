import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EventStoreError, type Appended, type EventToAppend } from '#event-store/port';
import { ForwardingEventStore } from '#event-store/forwarding-event-store';
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
/** The admin who is left beside the first one. */
let left: string;
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
    emergencies: [],
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

/** Of a process that stops before its first append to somebody's history. */
class HeldStore extends ForwardingEventStore {
  readonly held = Promise.withResolvers<void>();
  readonly goesOn = Promise.withResolvers<void>();
  private isFirst = true;

  override async append(
    stream: string,
    expected: bigint,
    events: readonly EventToAppend[],
  ): Promise<Appended> {
    if (this.isFirst && stream.startsWith('person/')) {
      this.isFirst = false;
      this.held.resolve();
      await this.goesOn.promise;
    }
    return this.store.append(stream, expected, events);
  }
}

const disable = (login: string, at = control) =>
  at.ask('POST', `/v1/people/${login}/disable`, { token: admin, body: { reason: REASON } });

it('R28: who is about to be removed is counted by no other process, until they sign in', async () => {
  await projector.catchUp();
  const store = new HeldStore(control.adapters.store);
  const stopped = await control.another(store);
  const second = disable('second', stopped);
  await store.held.promise;
  expect(outcome(await disable('third'))).toBe('too-few-admins');
  store.goesOn.reject(new EventStoreError('unavailable', 'the process has ended'));
  expect(outcome(await second)).toBe('unavailable');
  expect(outcome(await disable('third'))).toBe('too-few-admins');
  await control.signIn('second');
});

it('R28: the last but one admin is not removed, nor are two at the same moment by two processes', async () => {
  await projector.catchUp();
  const other = await control.another();
  const [second, third] = (await Promise.all([disable('second'), disable('third', other)])).map(outcome);
  expect(new Set([second, third])).toEqual(new Set([200, 'too-few-admins']));
  left = second === 200 ? 'third' : 'second';
  expect(outcome(await disable(left))).toBe('too-few-admins');
  const revoked = await control.ask('DELETE', `/v1/people/${left}/roles/admin`, {
    token: admin,
    body: { reason: REASON },
  });
  expect(outcome(revoked)).toBe('too-few-admins');
});

it('R28: a removal that was overtaken is counted anew', async () => {
  const byLeft = await control.signIn(left);
  const components = { password: PASSWORD };
  const { firstPart } = (await post('/v1/people/olga/reset', {})).json;
  const { secondPart } = (await post('/v1/people/olga/reset/confirm', components, byLeft)).json;
  const first = { login: 'olga', secret: `${String(firstPart)}${String(secondPart)}`, password: PASSWORD };
  expect((await control.ask('POST', '/v1/passwords', { body: first })).status).toBe(204);
  expect(outcome(await post('/v1/people/olga/roles', { role: 'admin' }))).toBe(200);
  const confirmed = await post('/v1/people/olga/roles/admin/confirm', components, byLeft);
  expect(outcome(confirmed)).toBe(200);
  await projector.catchUp();
  const store = new HeldStore(control.adapters.store);
  const slow = await control.another(store);
  const removed = disable(left, slow);
  await store.held.promise;
  await control.signIn(left);
  expect(outcome(await disable('olga'))).toBe(200);
  store.goesOn.resolve();
  expect(outcome(await removed)).toBe('too-few-admins');
});
