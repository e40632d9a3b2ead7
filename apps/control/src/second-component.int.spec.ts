import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changeRequestStream } from '#release-control/domain/change-request/change-request';
import { Authenticator } from '#test/support/authenticator';
import { capturedRequest } from '#test/support/captured-request';
import { ControlUnderTest, PASSWORD, REASON, type Answer } from '#test/support/control-under-test';

let control: ControlUnderTest;
let admin: string;
/** Ben's id, session and app. */
let ben: string;
let session: string;
let app: Authenticator;
let requests = 0;

beforeAll(async () => {
  control = await ControlUnderTest.start();
  admin = await control.admin();
  await control.keepSessions(admin);
  await control.enrol(admin, 'ana', ['author']);
  ben = await control.enrol(admin, 'ben', ['approver', 'author']);
  session = await control.signIn('ben');
});
afterAll(() => control.stop());

const post = (url: string, body: object, token = session) => control.askOnce('POST', url, { token, body });
const offer = (given: object = {}) =>
  post('/v1/me/second-component', { password: PASSWORD, reason: REASON, ...given });
const confirm = (code: string) => post('/v1/me/second-component/confirm', { code });
const signIn = (given: object) =>
  control.ask('POST', '/v1/sessions', { body: { login: 'ben', password: PASSWORD, ...given } });
const me = async (token: string) => (await control.ask('GET', '/v1/me', { token })).status;
const outcome = ({ status, json }: Answer) => json['code'] ?? status;
const events = async (type: string) =>
  (await control.history(`person/${ben}`)).filter((event) => event.type === type).map(({ data }) => data);

/** Seconds later. @returns the code of that moment */
function later(seconds: number): string {
  const at = new Date(Date.parse(control.clock.now()) + seconds * 1_000).toISOString();
  control.clock.set(at);
  return app.codeAt(at);
}

/** Another request that waits for a signature. */
const captured = () => capturedRequest(control, ++requests);

async function sign(given: object = {}, token = session): Promise<unknown> {
  const { id, recordDigest } = await captured();
  const body = { recordDigest, password: PASSWORD, reason: REASON, ...given };
  const answer = await post(`/v1/change-requests/${id}/approve`, body, token);
  if (answer.status !== 200) return outcome(answer);
  const approved = (await control.history(changeRequestStream(id))).at(-1);
  return (approved?.data as { readonly signature: unknown } | undefined)?.signature;
}

/** So many minutes later. */
const wait = (minutes: number) =>
  control.clock.set(new Date(Date.parse(control.clock.now()) + minutes * 60_000).toISOString());
const login = 'ben';

describe('signing without a second component', () => {
  const [named, alone] = [{ components: ['login', 'password'] }, { components: ['password'] }];

  it('R22: takes login and password at first, then the password, and both again when the period is over', async () => {
    expect(await sign()).toBe('login-required');
    expect(await sign({ login })).toMatchObject(named);
    wait(14);
    expect(await sign()).toMatchObject(alone);
    // No signing with the password alone makes the period longer.
    wait(1);
    expect(await sign()).toBe('login-required');
    expect(await sign({ login })).toMatchObject(named);
    expect(await events('PersonReauthenticated')).toMatchObject([
      { for: 'signature', login: true },
      { for: 'signature' },
      { for: 'signature', login: true },
    ]);
  });

  it('R22: begins with both in every session', async () => {
    const other = await control.signIn(login);
    expect(await sign({}, other)).toBe('login-required');
    expect(await sign({ login }, other)).toMatchObject(named);
    // There is one period, of the session in which both were given last.
    expect(await sign({ login })).toMatchObject(named);
  });

  it('asks for both whenever credentials are concerned, within a period of signing too', async () => {
    expect(await sign()).toMatchObject(alone);
    expect(outcome(await offer())).toBe('login-required');
  });

  it("R22, R24: takes another's login for a wrong password, within a period too, and locks out", async () => {
    const wrong = await post('/v1/tokens', {
      name: 'nightly',
      standingReason: REASON,
      rings: ['default'],
      password: PASSWORD,
      login: 'ana',
      reason: REASON,
    });
    expect(wrong.json).toMatchObject({
      code: 'wrong-password',
      detail: 'the login or the password is wrong',
    });
    for (const other of ['ana', 'nobody', 'Ben']) expect(await sign({ login: other })).toBe('wrong-password');
    expect(await sign({ login, password: 'not the password' })).toBe('wrong-password');
    expect(await sign({ login })).toBe('locked-out');
    expect(await events('SignInFailed')).toMatchObject([{ failures: 5 }]);
    expect(await events('PersonLockedOut')).toMatchObject([{ failures: 5 }]);
    wait(15);
    expect(await sign({ login: 'ana' })).toBe('wrong-password');
    expect(await sign({ login })).toMatchObject(named);
    expect(await events('SignInFailed')).toMatchObject([{ failures: 5 }, { failures: 1, inARow: 0 }]);
  });
});

describe('enrolling a second component', () => {
  it('R22: takes login and password again, then the first code of a secret that is shown once', async () => {
    expect(outcome(await offer({ login, password: 'not the password' }))).toBe('wrong-password');
    expect(outcome(await confirm('123456'))).toBe('no-second-component-offered');
    expect(outcome(await offer())).toBe('login-required');
    const { status, json } = await offer({ login });
    expect(status).toBe(201);
    const secret = String(json['secret']);
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(json['otpauthUri']).toBe(
      `otpauth://totp/site.example%2Flog:ben?secret=${secret}&issuer=site.example%2Flog`,
    );
    app = new Authenticator(secret);
    const other = String((await signIn({})).json['token']);
    expect(await me(other)).toBe(200);
    expect(outcome(await confirm(app.codeAt('2026-11-24T07:00:00.000Z')))).toBe('wrong-code');
    expect(outcome(await confirm(later(0)))).toBe(200);
    expect(await events('SecondFactorEnrolled')).toMatchObject([{ old: null }]);
    // What was opened with the password alone is over, but for the session that enrolled it.
    expect([await me(other), await me(session)]).toEqual([401, 200]);
  });

  it('R22: keeps the secret sealed, with its digest alone in the history', async () => {
    const [offered] = await events('SecondFactorOffered');
    const { credential } = offered as { credential: { id: string; verifierDigest: string } };
    const owner = new pg.Client({ connectionString: control.database.ownerUrl });
    await owner.connect();
    const { rows } = await owner.query<{ verifier: string; digest: string }>(
      `select verifier, encode(sha256(convert_to(verifier, 'UTF8')), 'hex') as digest from identity.credential where id = $1`,
      [credential.id],
    );
    await owner.end();
    expect(rows[0]?.verifier).toMatch(/^totp-v1:/);
    expect(rows[0]?.digest).toBe(credential.verifierDigest);
    expect(Object.keys(credential).sort()).toEqual(['id', 'kind', 'verifierDigest']);
  });
});

describe('signing in with two components', () => {
  it('R22: asks for both, and takes a code once', async () => {
    expect(outcome(await signIn({}))).toBe('second-component-required');
    const code = later(30);
    expect(outcome(await signIn({ password: 'not the password', code }))).toBe('sign-in-refused');
    expect(outcome(await signIn({ code: app.codeAt('2026-11-24T07:00:00.000Z') }))).toBe('sign-in-refused');
    expect(outcome(await signIn({ code }))).toBe(201);
    expect(outcome(await signIn({ code }))).toBe('sign-in-refused');
    // Of two at once with one code the history takes one.
    const next = later(30);
    const both = await Promise.all([signIn({ code: next }), signIn({ code: next })]);
    expect(both.map(outcome).map(String).sort()).toEqual(['201', 'sign-in-refused']);
    expect(outcome(await signIn({ code: later(30) }))).toBe(201);
  });

  it('tells who gives a code and has none enrolled', async () => {
    const body = { login: 'ana', password: PASSWORD, code: '123456' };
    expect(outcome(await control.ask('POST', '/v1/sessions', { body }))).toBe('no-second-component');
  });
});

describe('signing with two components', () => {
  it('R22: takes both at first, then the private one, and both again when the period is over', async () => {
    expect(await sign()).toBe('second-component-required');
    const [enrolled] = await events('SecondFactorEnrolled');
    const { credential: secondCredential } = enrolled as { readonly credential: string };
    const both = { components: ['password', 'totp'], secondCredential, printedName: 'ben of the team' };
    expect(await sign({ code: later(30) })).toMatchObject(both);
    later(14 * 60);
    const alone = await sign();
    expect(alone).toMatchObject({ components: ['password'] });
    expect(alone).not.toHaveProperty('secondCredential');
    expect(await sign({ password: 'not the password' })).toBe('wrong-password');
    // No signing makes the period longer.
    later(60);
    expect(await sign()).toBe('second-component-required');
    expect(await sign({ code: later(0) })).toMatchObject(both);
  });

  it('R22: begins with both in every session', async () => {
    const other = String((await signIn({ code: later(30) })).json['token']);
    expect(await sign({}, other)).toBe('second-component-required');
    expect(await sign({ code: later(30) }, other)).toMatchObject({ components: ['password', 'totp'] });
  });

  it('asks for both whenever credentials are concerned, within a period of signing too', async () => {
    const token = { name: 'nightly', standingReason: REASON, rings: ['default'], password: PASSWORD };
    expect(outcome(await post('/v1/tokens', { ...token, reason: REASON }))).toBe('second-component-required');
    const issued = await post('/v1/tokens', { ...token, reason: REASON, code: later(30) });
    expect(outcome(issued)).toBe(201);
    expect(outcome(await offer())).toBe('second-component-required');
  });
});

describe('wrong codes', () => {
  it('R24 and R39: count as wrong passwords do, and lock out', async () => {
    const wrong = app.codeAt('2026-11-24T07:00:00.000Z');
    for (let attempt = 1; attempt <= 3; attempt++) expect(await sign({ code: wrong })).toBe('wrong-code');
    expect(outcome(await signIn({ code: wrong }))).toBe('sign-in-refused');
    expect(await sign({ password: 'not the password' })).toBe('wrong-password');
    expect(await sign({ code: later(0) })).toBe('locked-out');
    expect((await events('PersonLockedOut')).length).toBe(2);
    later(15 * 60);
  });

  it('R24: are not forgotten for a right password alone, within a period of signing', async () => {
    expect(await sign({ code: later(0) })).toMatchObject({ components: ['password', 'totp'] });
    const wrong = app.codeAt('2026-11-24T07:00:00.000Z');
    for (let attempt = 1; attempt <= 4; attempt++) expect(await sign({ code: wrong })).toBe('wrong-code');
    expect(await sign()).toMatchObject({ components: ['password'] });
    expect(await sign({ code: wrong })).toBe('wrong-code');
    expect(await sign()).toBe('locked-out');
    expect((await events('PersonLockedOut')).length).toBe(3);
    later(15 * 60);
  });
});

describe('another second component', () => {
  it('R24: takes the place of the one before, and is removed with both', async () => {
    const { json } = await offer({ code: later(30) });
    const old = app;
    app = new Authenticator(String(json['secret']));
    expect(outcome(await confirm(later(30)))).toBe(200);
    expect(outcome(await signIn({ code: old.codeAt(control.clock.now()) }))).toBe('sign-in-refused');
    expect(await events('SecondFactorEnrolled')).toMatchObject([
      { old: null },
      { old: expect.any(String) as string },
    ]);
    const remove = (given: object) =>
      post('/v1/me/second-component/remove', { password: PASSWORD, reason: REASON, ...given });
    expect(outcome(await remove({}))).toBe('second-component-required');
    expect(outcome(await remove({ code: later(30) }))).toBe(200);
    expect(await sign()).toBe('login-required');
    expect(await sign({ login })).toMatchObject({ components: ['login', 'password'] });
  });

  it('is not confirmed when the offer is over', async () => {
    const { json } = await offer({ login });
    app = new Authenticator(String(json['secret']));
    expect(outcome(await confirm(later(15 * 60)))).toBe('no-second-component-offered');
  });
});

describe('a role', () => {
  it('R26: that is revoked while the signer is asked who they are signs nothing', async () => {
    control.withinNextCheck(async () => {
      const body = { reason: REASON };
      const revoked = await control.ask('DELETE', '/v1/people/ben/roles/approver', { token: admin, body });
      expect(revoked.status).toBe(200);
    });
    expect(await sign({ login })).toBe('not-an-approver');
  });
});

describe('a site', () => {
  it('R22: that demands a second component of every signer, each time', async () => {
    const strict = await ControlUnderTest.start({ secondComponent: 'required', signingPauseMinutes: 0 });
    const lenient = control;
    try {
      control = strict;
      admin = await control.admin();
      ben = await control.enrol(admin, 'ben', ['approver']);
      session = await control.signIn('ben');
      expect(await sign()).toBe('second-component-missing');
      expect(await sign({ login })).toBe('second-component-missing');
      app = new Authenticator(String((await offer({ login })).json['secret']));
      expect(outcome(await confirm(later(0)))).toBe(200);
      expect(await sign({ code: later(30) })).toMatchObject({ components: ['password', 'totp'] });
      expect(await sign()).toBe('second-component-required');
      expect(await sign({ code: later(30) })).toMatchObject({ components: ['password', 'totp'] });
    } finally {
      control = lenient;
      await strict.stop();
    }
  });

  it('R28: that demands a second component opens nothing but its enrolment to who has none', async () => {
    const strict = await ControlUnderTest.start({ secondComponent: 'required' });
    const lenient = control;
    try {
      control = strict;
      admin = await control.admin();
      await control.enrol(admin, 'second', ['admin']);
      ben = await control.enrol(admin, 'ben', ['approver', 'author']);
      const closed = await post('/v1/commissioning/close', { reason: REASON }, admin);
      expect(outcome(closed)).toBe(200);
      session = await control.signIn('ben');
      const settings = async () => outcome(await control.ask('GET', '/v1/settings', { token: session }));
      expect(await settings()).toBe('second-component-missing');
      const before = (await control.history(`person/${ben}`)).length;
      const item = { kind: 'set-override', snap: 'lab-hello', channel: 'latest/stable', revision: 2 };
      const draft = await post('/v1/change-requests', { ring: 'default', items: [item], reason: REASON });
      expect(outcome(draft)).toBe('second-component-missing');
      expect(String(draft.json['detail'])).toContain('holdfast second-component enrol');
      expect(await control.history(`person/${ben}`)).toHaveLength(before);
      expect(await me(session)).toBe(200);
      app = new Authenticator(String((await offer({ login })).json['secret']));
      expect(outcome(await confirm(later(0)))).toBe(200);
      expect(await settings()).toBe(200);
    } finally {
      control = lenient;
      await strict.stop();
    }
  });
});
