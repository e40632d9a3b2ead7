import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import pg from 'pg';
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store';
import { EventStoreError } from '#event-store/port';
import { StreamWriter } from '#platform/decide-and-append';
import { MOST_IN_TURN } from '#platform/in-turn';
import { ControlUnderTest, PASSWORD } from '#test/support/control-under-test';

const MORNING = '2026-11-24T08:00:00.000Z';
let control: ControlUnderTest;
let admin: string;

beforeAll(async () => {
  control = await ControlUnderTest.start();
  admin = await control.admin();
  await control.keepSessions(admin);
});
afterAll(() => control.stop());

const signIn = (login: string, password: string) =>
  control.ask('POST', '/v1/sessions', { body: { login, password } });
const types = async (person: string) => (await control.history(`person/${person}`)).map(({ type }) => type);

describe('a session', () => {
  it('shows who is signed in, with the roles of that moment', async () => {
    const id = await control.enrol(admin, 'ana', ['author']);
    const token = await control.signIn('ana');
    expect((await control.ask('GET', '/v1/me', { token })).json).toEqual({
      id,
      login: 'ana',
      name: 'ana of the team',
      roles: ['author'],
      sessionExpiresAt: '2026-11-24T16:00:00.000Z',
    });
    const body = { role: 'approver', reason: { code: 'new-duty', text: 'joins the review board' } };
    await control.ask('POST', '/v1/people/ana/roles', { token: admin, body });
    const me = await control.ask('GET', '/v1/me', { token });
    expect(me.json['roles']).toEqual(['author', 'approver']);
  });

  it('ends when it is signed out of', async () => {
    await control.enrol(admin, 'bea', []);
    const token = await control.signIn('bea');
    expect((await control.ask('DELETE', '/v1/sessions/current', { token })).status).toBe(204);
    expect((await control.ask('GET', '/v1/me', { token })).json).toMatchObject({
      status: 401,
      code: 'not-signed-in',
    });
  });

  it('ends by itself after eight hours', async () => {
    await control.enrol(admin, 'cleo', []);
    const token = await control.signIn('cleo');
    control.clock.set('2026-11-24T15:59:59.999Z');
    expect((await control.ask('GET', '/v1/me', { token })).status).toBe(200);
    control.clock.set('2026-11-24T16:00:00.000Z');
    expect((await control.ask('GET', '/v1/me', { token })).status).toBe(401);
    control.clock.set(MORNING);
    // Control saw that time: the sessions that were over by then are over.
    admin = await control.signIn('admin');
  });

  it('ends when the person is disabled, and no new one begins', async () => {
    await control.enrol(admin, 'dan', ['author']);
    const token = await control.signIn('dan');
    const body = { reason: { code: 'leaver', text: 'has left the company' } };
    expect((await control.ask('POST', '/v1/people/dan/disable', { token: admin, body })).status).toBe(200);
    expect((await control.ask('GET', '/v1/me', { token })).status).toBe(401);
    expect((await signIn('dan', PASSWORD)).json['code']).toBe('sign-in-refused');
  });

  it.each([
    ['no token', undefined],
    ['something else', 'hello'],
    ['a token with another signature', 'changed'],
  ])('does not open with %s', async (_what, token) => {
    const good = await control.signIn('admin');
    const flipped = good.slice(0, -8) + (good.endsWith('AAAAAAAA') ? 'BBBBBBBB' : 'AAAAAAAA');
    const given = token === 'changed' ? { token: flipped } : token === undefined ? {} : { token };
    const answer = await control.ask('GET', '/v1/me', given);
    expect(answer.json).toMatchObject({ status: 401, code: 'not-signed-in' });
    expect(answer.headers['www-authenticate']).toBe('Bearer');
  });
});

describe('a wrong password', () => {
  it('is answered like a login that nobody has', async () => {
    await control.enrol(admin, 'eva', []);
    const wrong = await signIn('eva', 'not her password');
    const nobody = await signIn('nobody', 'not her password');
    expect(wrong.status).toBe(401);
    const { requestId: _one, ...told } = wrong.json;
    const { requestId: _two, ...toldOfNobody } = nobody.json;
    expect(told).toEqual(toldOfNobody);
  });

  it('is in the history once a right one follows', async () => {
    const id = await control.enrol(admin, 'finn', []);
    await signIn('finn', 'wrong');
    await signIn('finn', 'wrong again');
    await control.signIn('finn');
    expect((await types(id)).slice(-2)).toEqual(['SignInFailed', 'SignedIn']);
    const failed = (await control.history(`person/${id}`)).at(-2);
    expect(failed?.data).toEqual({ failures: 2, first: MORNING, last: MORNING, inARow: 0 });
  });

  it('locks out at the fifth, for fifteen minutes, whatever is given then', async () => {
    const id = await control.enrol(admin, 'gus', []);
    // All at once: who guesses does not wait for answers.
    const answers = await Promise.all(Array.from({ length: 12 }, () => signIn('gus', 'wrong')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    expect((await types(id)).slice(-2)).toEqual(['SignInFailed', 'PersonLockedOut']);
    const lockOut = (await control.history(`person/${id}`)).at(-1);
    expect(lockOut?.data).toEqual({ until: '2026-11-24T08:15:00.000Z', failures: 5 });
    expect(lockOut?.actor).toEqual({ kind: 'service', id: 'control', for: `person/${id}` });

    expect((await signIn('gus', PASSWORD)).status).toBe(401);
    control.clock.set('2026-11-24T08:15:00.000Z');
    expect((await signIn('gus', PASSWORD)).status).toBe(201);
    control.clock.set(MORNING);
  });

  it('of so many at once that no more may wait is told to come again, also where there is nobody of that login', async () => {
    const answers = await Promise.all(
      Array.from({ length: MOST_IN_TURN + 40 }, () => signIn('nobody-here', 'wrong')),
    );
    const refused = answers.filter(({ status }) => status === 401);
    expect(refused.length).toBeGreaterThanOrEqual(MOST_IN_TURN);
    const others = answers.filter(({ status }) => status !== 401);
    expect(others.length).toBeGreaterThan(0);
    for (const { json, headers } of others) {
      expect(json).toMatchObject({ status: 503, code: 'overloaded' });
      expect(headers['retry-after']).toBe('5');
    }
  });
});

describe('a wrong password at signing', () => {
  it('locks out also when the database was away at the fifth', async () => {
    const id = await control.enrol(admin, 'ivo', ['author']);
    for (let guess = 1; guess <= 4; guess++) await signIn('ivo', `wrong ${guess}`);
    const { streams } = control.adapters;
    streams.decideAndAppend = () =>
      Promise.reject(new EventStoreError('unavailable', 'the database is away'));
    await signIn('ivo', 'wrong 5');
    streams.decideAndAppend = StreamWriter.prototype.decideAndAppend;
    expect((await signIn('ivo', PASSWORD)).json).toMatchObject({ status: 401 });
    expect(await types(id)).toContain('PersonLockedOut');
  });

  it('counts with those at sign-in, and locks out of both', async () => {
    const id = await control.enrol(admin, 'kim', ['approver']);
    const token = await control.signIn('kim');
    const sign = async (password: string) => {
      const body = {
        recordDigest: '0'.repeat(64),
        password,
        reason: { code: 'tested', text: 'tested per TP-88' },
      };
      return (await control.ask('POST', '/v1/change-requests/CR-2026-0001/approve', { token, body })).json[
        'code'
      ];
    };
    await signIn('kim', 'wrong');
    await signIn('kim', 'wrong');
    for (let attempt = 3; attempt <= 5; attempt++) expect(await sign('wrong')).toBe('wrong-password');
    expect(await sign(PASSWORD)).toBe('locked-out');
    expect((await signIn('kim', PASSWORD)).json['code']).toBe('sign-in-refused');
    expect((await types(id)).slice(-2)).toEqual(['SignInFailed', 'PersonLockedOut']);
    // The session goes on: it reads, and signs nothing.
    expect((await control.ask('GET', '/v1/me', { token })).status).toBe(200);
  });
});

describe('an orderly stop', () => {
  it('puts into the history what was only counted', async () => {
    const stopped = await ControlUnderTest.start();
    const id = await stopped.enrol(await stopped.admin(), 'lea', []);
    const url = stopped.database.url('control');
    await stopped.ask('POST', '/v1/sessions', { body: { login: 'lea', password: 'wrong' } });
    await stopped.stop();
    const store = new PostgresEventStore(url);
    let last: string | undefined;
    for await (const { bytes } of store.readStream(`person/${id}`))
      last = Buffer.from(bytes).toString('utf8');
    await store.close();
    expect(JSON.parse(last ?? '')).toMatchObject({ type: 'SignInFailed', data: { failures: 1, inARow: 1 } });
  });
});

describe('a verifier that was altered in the database', () => {
  it('is refused, although its password would be right, and is in the history', async () => {
    const mine = await control.enrol(admin, 'hal', []);
    const theirs = await control.enrol(admin, 'ida', ['approver']);
    const owner = new pg.Client({ connectionString: control.database.ownerUrl });
    await owner.connect();
    // The worst an intruder in the database can do: put a verifier whose password they know into somebody's row.
    await owner.query(
      `update identity.credential set verifier = (select verifier from identity.credential where id = $1) where id = $2`,
      [await passwordOf(mine), await passwordOf(theirs)],
    );
    await owner.end();
    expect((await signIn('ida', PASSWORD)).json).toMatchObject({ status: 500, code: 'credential-tampered' });
    await signIn('ida', PASSWORD);
    expect((await types(theirs)).filter((type) => type === 'CredentialTamperingFound')).toHaveLength(1);
  });

  async function passwordOf(person: string): Promise<string> {
    const history = await control.history(`person/${person}`);
    const [set] = history.filter(({ type }) => type === 'PasswordSet').map(({ data }) => data);
    const { credential } = set as { readonly credential: { readonly id: string } };
    return credential.id;
  }
});

describe('enrolment', () => {
  it('takes a good password, with the secret, once', async () => {
    const enrolled = await control.ask('POST', '/v1/people', {
      token: admin,
      body: { login: 'jo', name: 'Jo', roles: [], reason: { code: 'joiner', text: 'starts on Monday' } },
    });
    const secret = enrolled.json['enrolmentSecret'];
    const set = async (body: object) => {
      const answer = await control.ask('POST', '/v1/passwords', { body: { login: 'jo', secret, ...body } });
      return answer.json['code'] ?? answer.status;
    };
    expect(await set({ password: 'short' })).toBe('weak-password');
    expect(await set({ password: PASSWORD, secret: 'hfe_guess' })).toBe('enrolment-refused');
    expect(await set({ password: PASSWORD, login: 'nobody' })).toBe('enrolment-refused');
    expect(await set({ password: PASSWORD })).toBe(204);
    expect(await set({ password: `${PASSWORD}, again` })).toBe('enrolment-refused');
    expect((await signIn('jo', PASSWORD)).status).toBe(201);
  });

  it('keeps passwords and secrets out of the history and out of the log', async () => {
    await signIn('admin', 'a wrong password that must not be logged');
    const everything: string[] = [...control.log];
    for await (const append of control.adapters.store.readAll(null)) {
      everything.push(...append.events.map(({ bytes }) => Buffer.from(bytes).toString('utf8')));
    }
    const told = everything.join('\n');
    expect(told).toContain('PasswordSet');
    const secrets = [PASSWORD, 'must not be logged', control.firstAdminSecret, 'argon2id', 'hfs_', 'hfe_'];
    expect(secrets.filter((secret) => told.includes(secret))).toEqual([]);
  });
});
