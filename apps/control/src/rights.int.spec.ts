import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { auditTrailProjections } from '#audit-trail/projections';
import { catalogProjections } from '#catalog/projections';
import { identityProjections } from '#identity/projections';
import { releaseControlProjections } from '#release-control/projections';
import { ControlUnderTest, PASSWORD, REASON, VERIFIED, type Answer } from '#test/support/control-under-test';
import { ProjectorOnDemand } from '#test/support/project';

let control: ControlUnderTest;
let client: pg.Client;
let projector: ProjectorOnDemand;
let first: string;
let second: string;

/** A site that is in use, with two admins. */
beforeAll(async () => {
  control = await ControlUnderTest.start();
  first = await control.admin();
  await control.keepSessions(first);
  await control.enrol(first, 'second', ['admin']);
  second = await control.signIn('second');
  const closed = await control.ask('POST', '/v1/commissioning/close', {
    token: first,
    body: { reason: REASON },
  });
  if (closed.status !== 200) throw new Error(closed.text);
  client = new pg.Client({ connectionString: control.database.url('projector') });
  await client.connect();
  const projections = [
    ...identityProjections(),
    ...catalogProjections(),
    ...releaseControlProjections(),
    ...auditTrailProjections(),
  ];
  projector = await ProjectorOnDemand.start(client, control.adapters.store, projections);
});
afterAll(async () => {
  await client.end();
  await control.stop();
});

const post = (url: string, body: object, token = first) => control.ask('POST', url, { token, body });
const outcome = ({ status, json }: Answer) => json['code'] ?? status;
const confirm = (login: string, role: string, token: string, password = PASSWORD) =>
  post(`/v1/people/${login}/roles/${role}/confirm`, { password, reason: REASON }, token);
const confirmReset = (login: string, token: string) =>
  post(`/v1/people/${login}/reset/confirm`, { password: PASSWORD, reason: REASON }, token);
const setPassword = async (login: string, secret: string) =>
  outcome(await control.ask('POST', '/v1/passwords', { body: { login, secret, password: PASSWORD } }));

async function people(): Promise<readonly Record<string, unknown>[]> {
  await projector.catchUp();
  const { json } = await control.ask('GET', '/v1/people', { token: first });
  return json['people'] as readonly Record<string, unknown>[];
}

async function rightsAt(at: string): Promise<Record<string, unknown>> {
  await projector.catchUp();
  const { json } = await control.ask('GET', `/v1/rights?at=${at}`, { token: first });
  const rows = json['people'] as readonly { login: string; roles: string[]; disabled: boolean }[];
  return Object.fromEntries(rows.map(({ login, roles, disabled }) => [login, disabled ? 'disabled' : roles]));
}

it('R21: who enrols a person says who made sure of whom it is', async () => {
  const body = { login: 'ana', name: 'Ana', roles: [], reason: REASON };
  expect(outcome(await post('/v1/people', body))).toBe('verification-required');
  expect(outcome(await post('/v1/people', { ...body, verifiedBy: 'seen' }))).toBe('verification-required');
  expect(outcome(await post('/v1/people', { ...body, verifiedBy: VERIFIED }))).toBe(201);
  expect((await people()).find(({ login }) => login === 'ana')).toMatchObject({ verifiedBy: VERIFIED });
});

it('R23: one admin alone makes no second one, by enrolling an admin', async () => {
  const body = { login: 'cara', name: 'Cara', roles: ['admin'], verifiedBy: VERIFIED, reason: REASON };
  const enrolled = await post('/v1/people', body);
  expect(enrolled.json).toMatchObject({ inTwoParts: true });
  const part = String(enrolled.json['enrolmentSecret']);
  expect(await setPassword('cara', part)).toBe('enrolment-refused');
  expect(outcome(await confirm('cara', 'admin', second))).toBe('enrolled-by-one');
  expect(outcome(await confirmReset('cara', first))).toBe('second-person-required');
  const rest = String((await confirmReset('cara', second)).json['secondPart']);
  expect(await setPassword('cara', rest)).toBe('enrolment-refused');
  expect(await setPassword('cara', part + rest)).toBe(204);
  const cara = await control.signIn('cara');
  const asOne = () => post('/v1/people/ana/reset', { reason: REASON }, cara);
  expect(outcome(await confirm('cara', 'admin', first))).toBe('second-person-required');
  expect(outcome(await asOne())).toBe('not-an-admin');
  expect(outcome(await confirm('cara', 'admin', second))).toBe(200);
  expect(outcome(await asOne())).toBe(201);
  const revoked = { token: first, body: { reason: REASON } };
  expect((await control.ask('DELETE', '/v1/people/cara/roles/admin', revoked)).status).toBe(200);
});

it('R23, R28: a role that signs takes two admins, and who had it when is told from the history', async () => {
  const body = { role: 'approver', reason: REASON };
  const asked = await post('/v1/people/ana/roles', body);
  expect(asked.json).toMatchObject({ granted: false });
  expect((await people()).find(({ login }) => login === 'ana')).toMatchObject({
    roles: [],
    requestedRoles: ['approver'],
    secondComponent: false,
  });
  expect(outcome(await confirm('ana', 'approver', first))).toBe('second-person-required');
  expect(outcome(await confirm('ana', 'qa', second))).toBe('role-not-requested');
  expect(outcome(await confirm('ana', 'root', second))).toBe('invalid-request');
  const sessionAlone = await post('/v1/people/ana/roles/approver/confirm', { reason: REASON }, second);
  expect(outcome(sessionAlone)).toBe('invalid-request');
  expect(outcome(await confirm('ana', 'approver', second, 'not the password'))).toBe('wrong-password');
  // One admin alone knew the secret that she was to begin with.
  expect(outcome(await confirm('ana', 'approver', second))).toBe('enrolled-by-one');
  await post('/v1/people/ana/reset', { reason: REASON });
  expect(outcome(await confirmReset('ana', second))).toBe(200);

  control.clock.set('2026-11-24T09:00:00.000Z');
  expect(outcome(await confirm('ana', 'approver', second))).toBe(200);
  expect((await post('/v1/people/ana/roles', { ...body, role: 'author' })).json).toMatchObject({
    granted: true,
  });
  control.clock.set('2026-11-24T10:00:00.000Z');
  await control.ask('DELETE', '/v1/people/ana/roles/approver', { token: first, body: { reason: REASON } });
  control.clock.set('2026-11-24T11:00:00.000Z');
  await post('/v1/people/ana/disable', { reason: REASON });

  expect(await rightsAt('2026-11-24T07:59:59Z')).toEqual({});
  const admins = { admin: ['admin'], second: ['admin'], cara: [] };
  expect(await rightsAt('2026-11-24T08:59:59Z')).toEqual({ ...admins, ana: [] });
  expect(await rightsAt('2026-11-24T10:30:00%2B01:00')).toEqual({ ...admins, ana: ['approver', 'author'] });
  expect(await rightsAt('2026-11-24T10:00:00Z')).toEqual({ ...admins, ana: ['author'] });
  expect(await rightsAt('2026-11-24T12:00:00Z')).toEqual({ ...admins, ana: 'disabled' });
  expect(outcome(await control.ask('GET', '/v1/rights?at=yesterday', { token: first }))).toBe(
    'invalid-request',
  );
});

it('R28: what was done by a clock that was set back counts after what was done before it', async () => {
  control.clock.set('2026-11-24T10:30:00.000Z');
  await control.enrol(first, 'late', ['auditor']);
  control.clock.set('2026-11-24T11:00:00.000Z');
  expect(await rightsAt('2026-11-24T10:45:00Z')).not.toHaveProperty('late');
  expect(await rightsAt('2026-11-24T11:00:00Z')).toMatchObject({ late: ['auditor'], ana: 'disabled' });
});

it('R28: who lost every role before they were disabled is shown as disabled', async () => {
  await control.enrol(first, 'leo', ['operator']);
  const leaves = { token: first, body: { reason: REASON } };
  control.clock.set('2026-11-24T13:00:00.000Z');
  await control.ask('DELETE', '/v1/people/leo/roles/operator', leaves);
  control.clock.set('2026-11-24T14:00:00.000Z');
  expect(outcome(await post('/v1/people/leo/disable', { reason: REASON }))).toBe(200);
  expect(await rightsAt('2026-11-24T13:30:00Z')).toMatchObject({ leo: [] });
  expect(await rightsAt('2026-11-24T14:00:00Z')).toMatchObject({ leo: 'disabled' });
});

it('R28: a role is granted for rings, opens the doors of these alone, and stands so in who had it when', async () => {
  await control.enrol(first, 'olga', ['operator']);
  const olga = await control.signIn('olga');
  for (const ring of ['pilot', 'wide'])
    expect(outcome(await post('/v1/rings', { name: ring, reason: REASON }, olga))).toBe(201);

  const enrolment = { login: 'rita', name: 'Rita', verifiedBy: VERIFIED, reason: REASON };
  expect(outcome(await post('/v1/people', { ...enrolment, roles: ['admin@pilot'] }))).toBe('invalid-request');
  expect(outcome(await post('/v1/people', { ...enrolment, roles: ['author@pilto'] }))).toBe('no-such-ring');
  const enrolled = await post('/v1/people', { ...enrolment, roles: ['operator@pilot'] });
  await setPassword('rita', String(enrolled.json['enrolmentSecret']));
  const rita = await control.signIn('rita');
  const grant = (body: object) => post('/v1/people/rita/roles', { ...body, reason: REASON });
  expect(outcome(await grant({ role: 'author', rings: ['pilto'] }))).toBe('no-such-ring');
  expect(outcome(await grant({ role: 'auditor', rings: ['pilot'] }))).toBe('invalid-role-scope');
  control.clock.set('2026-11-24T14:30:00.000Z');
  expect((await grant({ role: 'author', rings: ['pilot', 'wide'] })).json).toMatchObject({ granted: true });

  const halt = async (ring: string) =>
    outcome(await post(`/v1/rings/${ring}/halt`, { reason: REASON }, rita));
  expect(await halt('default')).toBe('operator-required');
  expect(await halt('pilot')).toBe(200);
  expect(outcome(await post('/v1/rings', { name: 'mine', reason: REASON }, rita))).toBe('operator-required');
  const items = [{ kind: 'access', access: 'gated' }];
  const draft = async (ring: string) =>
    outcome(await post('/v1/change-requests', { ring, items, reason: REASON }, rita));
  expect(await draft('default')).toBe('not-an-author');
  expect(await draft('wide')).toBe(202);

  const token = { name: 'nightly', standingReason: REASON, password: PASSWORD, reason: REASON };
  const issue = async (rings: string[]) => outcome(await post('/v1/tokens', { ...token, rings }, rita));
  expect(await issue(['pilot', 'default'])).toBe('not-an-author');
  expect(await issue(['pilot'])).toBe(201);

  control.clock.set('2026-11-24T15:00:00.000Z');
  const revoke = { token: first, body: { rings: ['pilot'], reason: REASON } };
  expect(outcome(await control.ask('DELETE', '/v1/people/rita/roles/author', revoke))).toBe(200);
  expect(await rightsAt('2026-11-24T14:45:00Z')).toMatchObject({
    rita: ['author@pilot', 'author@wide', 'operator@pilot'],
  });
  expect(await rightsAt('2026-11-24T15:00:00Z')).toMatchObject({ rita: ['author@wide', 'operator@pilot'] });
  expect((await grant({ role: 'author' })).json).toMatchObject({ granted: true });
  expect(await rightsAt('2026-11-24T15:00:00Z')).toMatchObject({ rita: ['author', 'operator@pilot'] });
});

it('R23: a signing role for rings is confirmed for the rings that were asked for', async () => {
  const rings = ['pilot'];
  expect((await post('/v1/people/rita/roles', { role: 'qa', rings, reason: REASON })).json).toMatchObject({
    granted: false,
  });
  expect((await people()).find(({ login }) => login === 'rita')).toMatchObject({
    requestedRoles: ['qa@pilot'],
  });
  const confirmed = async (body: object) =>
    outcome(
      await post('/v1/people/rita/roles/qa/confirm', { password: PASSWORD, reason: REASON, ...body }, second),
    );
  expect(await confirmed({})).toBe('role-not-requested');
  await post('/v1/people/rita/reset', { reason: REASON });
  expect(outcome(await confirmReset('rita', second))).toBe(200);
  expect(await confirmed({ rings })).toBe(200);
  expect((await people()).find(({ login }) => login === 'rita')).toMatchObject({
    roles: ['author', 'qa@pilot', 'operator@pilot'],
    requestedRoles: [],
  });
});
