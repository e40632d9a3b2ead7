import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enrolFirstAdmin } from '#identity/commissioning';
import { ControlUnderTest, PASSWORD, REASON } from '#test/support/control-under-test';

let control: ControlUnderTest;
let admin: string;

beforeAll(async () => {
  control = await ControlUnderTest.start();
  admin = await control.admin();
});
afterAll(() => control.stop());

const post = (url: string, body: object, token = admin) => control.ask('POST', url, { token, body });
const grant = (login: string, role: string, token = admin) =>
  post(`/v1/people/${login}/roles`, { role, reason: REASON }, token);

describe('who may change people and their rights', () => {
  it('is an admin, and the event says who, what, when and why', async () => {
    const id = await control.enrol(admin, 'ana', ['author']);
    const answer = await control.ask('POST', '/v1/people/ana/roles', {
      token: admin,
      body: { role: 'auditor', reason: { ...REASON, text: '  reviews the trail as well  ', ticket: 'HR-7' } },
      headers: { 'x-request-id': '01a20aed-f256-755c-87ed-a7b6bec9d8a7' },
    });
    expect(answer.status).toBe(200);
    expect(answer.json['cursor']).toMatch(/^[0-9]+$/);
    expect((await control.history(`person/${id}`)).at(-1)).toMatchObject({
      type: 'RoleGranted',
      data: { role: 'auditor', old: ['author'], new: ['author', 'auditor'] },
      actor: { kind: 'person', name: 'First administrator', roles: ['admin'], auth: 'commissioning' },
      reason: { code: 'joiner', text: 'reviews the trail as well', ticket: 'HR-7' },
      at: '2026-11-24T08:00:00.000Z',
      offset: '+01:00',
      correlation: '01a20aed-f256-755c-87ed-a7b6bec9d8a7',
    });
  });

  it('is nobody else', async () => {
    await control.enrol(admin, 'ben', ['author', 'approver', 'operator', 'auditor']);
    const ben = await control.signIn('ben');
    const asked = [
      grant('ana', 'operator', ben),
      control.ask('DELETE', '/v1/people/ana/roles/author', { token: ben, body: { reason: REASON } }),
      post('/v1/people/ana/disable', { reason: REASON }, ben),
      post('/v1/people', { login: 'mine', name: 'Mine', roles: [], reason: REASON }, ben),
      post('/v1/commissioning/close', { reason: REASON }, ben),
    ];
    for (const answer of await Promise.all(asked)) {
      expect(answer.json).toMatchObject({ status: 403, code: 'not-an-admin' });
    }
    expect(await control.history('login/mine')).toEqual([]);
  });

  it('is nobody for themself', async () => {
    const mine = ['operator', 'auditor'].map((role) => grant('admin', role));
    const out = [post('/v1/people/admin/disable', { reason: REASON })];
    for (const answer of await Promise.all([...mine, ...out])) {
      expect(answer.json).toMatchObject({ status: 403, code: 'own-rights' });
    }
  });

  it('ends at once with the role', async () => {
    await control.enrol(admin, 'cleo', ['admin']);
    const cleo = await control.signIn('cleo');
    expect((await grant('ana', 'operator', cleo)).status).toBe(200);
    const url = '/v1/people/cleo/roles/admin';
    expect((await control.ask('DELETE', url, { token: admin, body: { reason: REASON } })).status).toBe(200);
    expect((await grant('ana', 'approver', cleo)).json['code']).toBe('not-an-admin');
  });
});

describe('what is refused', () => {
  it.each([
    ['an admin who would approve', () => grant('eve', 'approver'), 409, 'roles-exclude-each-other'],
    ['a role held already', () => grant('eve', 'admin'), 409, 'role-already-held'],
    ['a role that there is not', () => grant('eve', 'root'), 400, 'invalid-request'],
    ['a person that there is not', () => grant('nobody', 'auditor'), 404, 'unknown-person'],
    [
      'a login that is taken',
      () => post('/v1/people', { login: 'eve', name: 'Eve', roles: [], reason: REASON }),
      409,
      'login-taken',
    ],
    [
      'a login with odd characters',
      () => post('/v1/people', { login: 'Eve/1', name: 'Eve', roles: [], reason: REASON }),
      400,
      'invalid-login',
    ],
  ])('%s', async (_what, ask, status, code) => {
    await control.enrol(admin, 'eve', ['admin']).catch(() => undefined);
    expect((await ask()).json).toMatchObject({ status, code, type: `urn:holdfast:problem:${code}` });
  });

  it('the login of somebody who was disabled, for ever', async () => {
    await control.enrol(admin, 'fay', []);
    await post('/v1/people/fay/disable', { reason: REASON });
    const again = await post('/v1/people', { login: 'fay', name: 'Another', roles: [], reason: REASON });
    expect(again.json).toMatchObject({ status: 409, code: 'login-taken' });
  });

  it('one of two who are given the same login at once', async () => {
    const body = { login: 'gil', name: 'Gil', roles: [], reason: REASON };
    const answers = await Promise.all([post('/v1/people', body), post('/v1/people', body)]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409]);
  });
});

describe('commissioning', () => {
  it('enrols the first admin once, and renews only what cannot be used any more', async () => {
    const { streams, credentials, clock } = control.adapters;
    expect(await enrolFirstAdmin(streams, credentials, clock, { renew: true })).toBeUndefined();
    const another = await ControlUnderTest.start();
    try {
      const prepare = (options = {}) =>
        enrolFirstAdmin(another.adapters.streams, another.adapters.credentials, another.clock, options);
      expect(await prepare()).toBeUndefined();
      another.clock.set('2026-11-25T08:00:00.000Z');
      const renewed = await prepare();
      expect(renewed).toMatchObject({ login: 'admin', expiresAt: '2026-11-26T08:00:00.000Z' });
      const body = { login: 'admin', password: PASSWORD };
      const first = { ...body, secret: another.firstAdminSecret };
      expect((await another.ask('POST', '/v1/passwords', { body: first })).status).toBe(403);
      const second = { ...body, secret: renewed?.secret };
      expect((await another.ask('POST', '/v1/passwords', { body: second })).status).toBe(204);
    } finally {
      await another.stop();
    }
  });

  it('stays open while there is one admin, and marks what anybody does', async () => {
    const another = await ControlUnderTest.start();
    try {
      const token = await another.admin();
      const close = { token, body: { reason: REASON } };
      expect((await another.ask('POST', '/v1/commissioning/close', close)).json).toMatchObject({
        status: 409,
        code: 'too-few-admins',
      });
      const id = await another.enrol(token, 'second', ['admin']);
      await another.enrol(await another.signIn('second'), 'third', []);
      const reserved = (await another.history('login/third')).at(-1);
      expect(reserved?.actor).toMatchObject({ id, auth: 'commissioning' });
      expect((await another.ask('POST', '/v1/commissioning/close', close)).status).toBe(200);
    } finally {
      await another.stop();
    }
  });

  it('is closed by an admin, once, and the marking ends', async () => {
    expect((await post('/v1/commissioning/close', { reason: REASON })).status).toBe(200);
    expect((await post('/v1/commissioning/close', { reason: REASON })).json).toMatchObject({
      status: 409,
      code: 'commissioning-already-closed',
    });
    const id = await control.enrol(admin, 'hana', []);
    const [enrolled] = await control.history(`person/${id}`);
    expect(enrolled?.actor).toMatchObject({ name: 'First administrator', auth: 'session' });
  });
});
