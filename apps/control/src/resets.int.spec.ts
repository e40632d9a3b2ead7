import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Authenticator } from '#test/support/authenticator';
import { ControlUnderTest, PASSWORD, REASON, type Answer } from '#test/support/control-under-test';

const ANOTHER = 'another horse battery staple';

let control: ControlUnderTest;
let first: string;
let second: string;
let ben: string;
let session: string;

beforeAll(async () => {
  control = await ControlUnderTest.start({ passwordDays: 90 });
  first = await control.admin();
  await control.enrol(first, 'second', ['admin']);
  ben = await control.enrol(first, 'ben', ['author']);
  second = await control.signIn('second');
  session = await control.signIn('ben');
});
afterAll(() => control.stop());

const post = (url: string, body: object, token?: string) =>
  control.ask('POST', url, token === undefined ? { body } : { token, body });
const outcome = ({ status, json }: Answer) => json['code'] ?? status;
const signIn = (password: string) => post('/v1/sessions', { login: 'ben', password });
const me = async (token: string) => (await control.ask('GET', '/v1/me', { token })).status;
const change = (password: string, newPassword: string) =>
  post('/v1/passwords/change', { login: 'ben', password, newPassword });
const reset = (token: string) => post('/v1/people/ben/reset', { reason: REASON }, token);
const confirm = (token: string, password = PASSWORD) =>
  post('/v1/people/ben/reset/confirm', { password, reason: REASON }, token);
const setPassword = (secret: string) => post('/v1/passwords', { login: 'ben', secret, password: PASSWORD });

describe('changing a password', () => {
  it('R24: takes the one before, ends the other sessions, and opens one', async () => {
    expect(outcome(await change('not the password', ANOTHER))).toBe('sign-in-refused');
    expect(outcome(await change(PASSWORD, PASSWORD))).toBe('weak-password');
    expect(outcome(await change(PASSWORD, 'short'))).toBe('weak-password');
    expect(await me(session)).toBe(200);
    const changed = await change(PASSWORD, ANOTHER);
    expect(changed.status).toBe(200);
    expect(await me(session)).toBe(401);
    session = String(changed.json['token']);
    expect(await me(session)).toBe(200);
    expect(outcome(await signIn(PASSWORD))).toBe('sign-in-refused');
    expect(outcome(await signIn(ANOTHER))).toBe(201);
    expect(outcome(await change(ANOTHER, PASSWORD))).toBe(200);
  });
});

describe('a password that ages', () => {
  it('R24: is warned of, and then good for being changed only', async () => {
    const soon = '2027-02-08T08:00:00.000Z';
    control.clock.set(soon);
    expect((await signIn(PASSWORD)).json['changePasswordBy']).toBe('2027-02-22T08:00:00.000Z');
    control.clock.set('2027-02-22T07:59:00.000Z');
    session = String((await signIn(PASSWORD)).json['token']);
    control.clock.set('2027-02-22T08:00:00.000Z');
    expect(outcome(await signIn('not the password'))).toBe('sign-in-refused');
    expect(outcome(await signIn(PASSWORD))).toBe('password-aged');
    const body = { recordDigest: '0'.repeat(64), password: PASSWORD, reason: REASON };
    const signed = await post('/v1/change-requests/CR-2026-0001/approve', body, session);
    expect(outcome(signed)).toBe('password-aged');
    expect(outcome(await change(PASSWORD, ANOTHER))).toBe(200);
    expect((await signIn(ANOTHER)).json['changePasswordBy']).toBeNull();
    control.clock.set('2026-11-24T08:00:00.000Z');
    // The sessions of that morning are over, since control saw a later time.
    first = await control.signIn('admin');
    second = await control.signIn('second');
  });
});

describe('a reset', () => {
  it('R23: takes two people, each with a part of the secret, and voids all that there was', async () => {
    session = String((await signIn(ANOTHER)).json['token']);
    const token = { name: 'nightly', standingReason: REASON, rings: ['default'], password: ANOTHER };
    const issued = await post('/v1/tokens', { ...token, reason: REASON }, session);
    const program = String(issued.json['token']);

    expect(outcome(await confirm(second))).toBe('no-reset-requested');
    expect(outcome(await reset(session))).toBe('not-an-admin');
    const asked = await reset(first);
    expect(asked.status).toBe(201);
    // Until it is confirmed nothing has happened.
    expect(await me(session)).toBe(200);
    expect(outcome(await confirm(first))).toBe('second-person-required');
    expect(outcome(await confirm(second, 'not the password'))).toBe('wrong-password');
    const confirmed = await confirm(second);
    expect(confirmed.status).toBe(200);

    expect(await me(session)).toBe(401);
    expect(outcome(await signIn(ANOTHER))).toBe('sign-in-refused');
    const parts = [String(asked.json['firstPart']), String(confirmed.json['secondPart'])];
    for (const part of parts) expect(outcome(await setPassword(part))).toBe('enrolment-refused');
    const submission = { ring: 'default', items: [{ snap: 'lab-hello', channel: 'stable', revision: 1 }] };
    expect(outcome(await post('/v1/token-submissions', submission, program))).toBe('token-refused');
    expect(outcome(await setPassword(parts.join('')))).toBe(204);
    expect(outcome(await signIn(PASSWORD))).toBe(201);
    // Also when the person is back.
    expect(outcome(await post('/v1/token-submissions', submission, program))).toBe('token-refused');

    const event = (await control.history(`person/${ben}`)).find(({ type }) => type === 'PersonReset');
    expect(event).toMatchObject({
      actor: { name: 'second of the team', auth: 'password' },
      data: {
        requestedBy: { name: 'First administrator' },
        confirmedBy: { name: 'second of the team' },
        old: [expect.any(String) as string],
      },
    });
  });

  it('R23: brings back who lost a second component', async () => {
    session = String((await signIn(PASSWORD)).json['token']);
    const offered = await post('/v1/me/second-component', { password: PASSWORD, reason: REASON }, session);
    const code = new Authenticator(String(offered.json['secret'])).codeAt(control.clock.now());
    expect(outcome(await post('/v1/me/second-component/confirm', { code }, session))).toBe(200);
    expect(outcome(await signIn(PASSWORD))).toBe('second-component-required');
    const part = String((await reset(second)).json['firstPart']);
    const rest = String((await confirm(first)).json['secondPart']);
    expect(outcome(await setPassword(part + rest))).toBe(204);
    expect(outcome(await signIn(PASSWORD))).toBe(201);
  });

  it('R23: leaves no token to whose password was being checked at that moment', async () => {
    session = String((await signIn(PASSWORD)).json['token']);
    expect((await reset(second)).status).toBe(201);
    control.withinNextCheck(async () => {
      expect((await confirm(first)).status).toBe(200);
    });
    const token = { name: 'nightly', standingReason: REASON, rings: ['default'], password: PASSWORD };
    expect(outcome(await post('/v1/tokens', { ...token, reason: REASON }, session))).toBe('not-signed-in');
  });
});
