import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditTrailProjections } from '#audit-trail/projections';
import { digestOfIdentity, signOnIdentityStream } from '#identity/domain/sign-on-identity/sign-on-identity';
import { identityProjections } from '#identity/projections';
import { changeRequestStream } from '#release-control/domain/change-request/change-request';
import { Authenticator } from '#test/support/authenticator';
import { capturedRequest } from '#test/support/captured-request';
import { ControlUnderTest, PASSWORD, REASON, type Answer } from '#test/support/control-under-test';
import { TestIdentityProvider } from '#test/support/identity-provider';
import { ProjectorOnDemand } from '#test/support/project';
import { SIGN_ON_REDIRECT, SignOnPage } from '#test/support/sign-on-page';

let provider: TestIdentityProvider;
let control: ControlUnderTest;
let client: pg.Client;
let projector: ProjectorOnDemand;
let admin: string;
let ben: string;
let session: string;
let requests = 0;

beforeAll(async () => {
  provider = await TestIdentityProvider.start(SIGN_ON_REDIRECT);
  control = await ControlUnderTest.start({ signOn: provider.settings });
  client = new pg.Client({ connectionString: control.database.url('projector') });
  await client.connect();
  projector = await ProjectorOnDemand.start(client, control.adapters.store, [
    ...identityProjections(),
    ...auditTrailProjections(),
  ]);
  await control.admin();
  control.clock.set(new Date().toISOString());
  admin = await control.signIn('admin');
  ben = await control.enrol(admin, 'ben', ['approver', 'qa']);
  await control.enrol(admin, 'eva', ['approver']);
  await control.enrol(admin, 'cyd', ['approver']);
});
afterAll(async () => {
  await client?.end();
  await control?.stop();
  await provider?.stop();
});

const outcome = ({ status, json }: Answer) => json['code'] ?? status;
const why = ({ json }: Answer) => String(json['detail']);
const post = (url: string, body: object, token?: string) =>
  control.ask('POST', url, { body, ...(token !== undefined && { token }) });
const later = (seconds: number) =>
  control.clock.set(new Date(Date.parse(control.clock.now()) + seconds * 1_000).toISOString());
const ask = (login: string, subject: string, token = admin) =>
  post(`/v1/people/${login}/single-sign-on`, { subject, reason: REASON }, token);

/** At the provider, whose clock is the machine's, and goes: ours is set by it. */
async function there(address: string, subject: string, jar?: Map<string, string>) {
  control.clock.set(new Date().toISOString());
  return provider.signIn(address, subject, jar);
}
const page = () => new SignOnPage(control, async (address, subject) => (await there(address, subject)).query);
const accept = (token: string, as: string, given: object = {}) => page().accept(token, as, given);
const of = async (stream: string, type: string) =>
  (await control.history(stream)).filter((event) => event.type === type).map(({ data }) => data);
const refusals = () => of('single-sign-on-refusals', 'SingleSignOnRefused');
const signInAs = (as: string, given: object = {}) => page().signIn(as, given);

describe('binding a person to whom the provider knows', () => {
  it('R23: takes an admin who asks, and the person, who signs in there and gives their own components', async () => {
    expect(outcome(await ask('nobody', 'b-4711'))).toBe('unknown-person');
    expect(outcome(await ask('ben', 'b-4711', await control.signIn('ben')))).toBe('not-an-admin');
    expect(outcome(await ask('admin', 'a-1'))).toBe('own-rights');
    session = await control.signIn('ben');
    expect(outcome(await accept(session, 'b-4711'))).toBe('no-single-sign-on-requested');
    expect(outcome(await ask('ben', 'b-4711'))).toBe(201);
    expect((await control.ask('GET', '/v1/me/single-sign-on', { token: session })).json).toEqual({
      bound: null,
      requested: { issuer: provider.issuer, claim: 'sub', subject: 'b-4711' },
    });
    // Asked for is not accepted.
    expect(outcome(await signInAs('b-4711'))).toBe('sign-in-refused');
    const wrong = await accept(session, 'b-4711', { password: 'not the password' });
    expect(outcome(wrong)).toBe('wrong-password');
    expect(why(await accept(session, 'mallory'))).toContain('as mallory, and b-4711 is expected');
    expect(outcome(await accept(session, 'b-4711'))).toBe(200);
    expect(await of(`person/${ben}`, 'SingleSignOnBound')).toMatchObject([
      { issuer: provider.issuer, claim: 'sub', subject: 'b-4711', old: null },
    ]);
    expect((await control.ask('GET', '/v1/me/single-sign-on', { token: session })).json).toMatchObject({
      bound: { subject: 'b-4711' },
      requested: null,
    });
  });

  it('R20: gives nobody whom another person has', async () => {
    expect(outcome(await ask('eva', 'b-4711'))).toBe('single-sign-on-taken');
    const own = await control.signIn('eva');
    expect(outcome(await ask('eva', 'e-1'))).toBe(201);
    // The admin of the provider lets her in as Ben: it is not whom she is to be.
    expect(outcome(await accept(own, 'b-4711'))).toBe('single-sign-on-refused');
  });

  it('R20: claims nobody for a person whom no admin asks for any more', async () => {
    await control.enrol(admin, 'ada', ['admin']);
    await control.enrol(admin, 'abe', ['admin']);
    expect(outcome(await ask('cyd', 'c-1', await control.signIn('ada')))).toBe(201);
    expect(outcome(await post('/v1/people/ada/disable', { reason: REASON }, admin))).toBe(200);
    const refused = await accept(await control.signIn('cyd'), 'c-1');
    expect(outcome(refused)).toBe('no-single-sign-on-requested');
    const identity = digestOfIdentity({ issuer: provider.issuer, claim: 'sub', subject: 'c-1' });
    expect(await control.history(signOnIdentityStream(identity))).toEqual([]);
  });

  it('takes a proof for just that, in the session that asked for it', async () => {
    const eva = await control.signIn('eva');
    const elsewhere = await control.signIn('eva');
    const singleSignOn = await page().proof('e-1', 'binding', eva);
    const bind = (token: string, proof: string) =>
      post('/v1/me/single-sign-on', { singleSignOn: proof, password: PASSWORD, reason: REASON }, token);
    expect(outcome(await bind(elsewhere, singleSignOn))).toBe('single-sign-on-refused');
    const toSign = await page().proof('e-1', 'signature', eva);
    expect(outcome(await bind(eva, toSign))).toBe('single-sign-on-refused');
    expect(outcome(await bind(eva, singleSignOn))).toBe(200);
  });
});

describe('signing in with single sign-on', () => {
  it('R28: opens a session of who is bound, with the roles that they have here', async () => {
    const { status, json } = await signInAs('b-4711');
    expect(status).toBe(201);
    expect(json['person']).toMatchObject({ id: ben, login: 'ben', roles: ['approver', 'qa'] });
    const [opened] = (await of(`person/${ben}`, 'SignedIn')).slice(-1);
    expect(opened).toMatchObject({ singleSignOn: { nonce: expect.any(String) as string } });
    const me = await control.ask('GET', '/v1/me', { token: String(json['token']) });
    expect(me.json).toMatchObject({ login: 'ben' });
  });

  it('R20: is shown in the list of people, with when it was used last', async () => {
    const line = async () => {
      await projector.catchUp();
      const { json } = await control.ask('GET', '/v1/people', { token: admin });
      const people = json['people'] as readonly { readonly login: string; readonly singleSignOn: object }[];
      return people.find(({ login }) => login === 'ben')?.singleSignOn;
    };
    const known = { issuer: provider.issuer, claim: 'sub', subject: 'b-4711' };
    const lastIn = async () =>
      (await control.history(`person/${ben}`)).findLast(({ type }) => type === 'SignedIn')?.at;
    expect(outcome(await signInAs('b-4711'))).toBe(201);
    const lastUsedAt = await lastIn();
    control.clock.set(new Date(Date.parse(String(lastUsedAt)) + 1).toISOString());
    await control.signIn('ben');
    expect(await lastIn()).not.toBe(lastUsedAt);
    expect(await line()).toEqual({ ...known, lastUsedAt });
  });

  it('asks at the provider anew, whatever session there is', async () => {
    const jar = new Map<string, string>();
    const first = await there(await page().address('sign-in'), 'b-4711', jar);
    const again = await there(await page().address('sign-in'), 'b-4711', jar);
    expect([first.asked, again.asked]).toEqual([true, true]);
  });

  it('R20, R24: makes nobody of whom it does not know, tells them as whom, and has it on record', async () => {
    const before = (await refusals()).length;
    const answer = await signInAs('somebody-else');
    expect(outcome(answer)).toBe('sign-in-refused');
    expect(why(answer)).toContain(`${provider.issuer} knows you as somebody-else`);
    expect((await refusals()).slice(before)).toMatchObject([{ fault: 'unknown-subject' }]);
    expect(JSON.stringify(await refusals())).not.toContain('somebody-else');
    expect(outcome(await ask('somebody-else', 'x'))).toBe('unknown-person');
  });

  it('R24: is for nobody who is disabled', async () => {
    await control.enrol(admin, 'dan', ['author']);
    const dan = await control.signIn('dan');
    await ask('dan', 'd-1');
    expect(outcome(await accept(dan, 'd-1'))).toBe(200);
    expect(outcome(await signInAs('d-1'))).toBe(201);
    expect(outcome(await post('/v1/people/dan/disable', { reason: REASON }, admin))).toBe(200);
    expect(outcome(await signInAs('d-1'))).toBe('sign-in-refused');
    expect(await refusals()).toContainEqual(expect.objectContaining({ fault: 'person-refused' }));
  });

  it('takes an answer once, of the page that asked, for five minutes', async () => {
    const own = page();
    const { query } = await there(await own.address('sign-in'), 'b-4711');
    expect(why(await page().answer(query))).toContain('another page asked for it');
    expect(why(await own.answer('code=x&state=made-up'))).toContain('answers no request of this site');
    const { json } = await own.answer(query);
    expect(outcome(await own.answer(query))).toBe('single-sign-on-refused');
    expect(await refusals()).toContainEqual(expect.objectContaining({ fault: 'answer-not-valid' }));
    const use = () => post('/v1/sessions/single-sign-on', { singleSignOn: json['proof'] });
    const both = await Promise.all([use(), use()]);
    expect(both.map(outcome).map(String).sort()).toEqual(['201', 'sign-in-refused']);
    const late = await page().proof('b-4711', 'sign-in');
    const slow = await there(await own.address('sign-in'), 'b-4711');
    later(5 * 60);
    expect(why(await own.answer(slow.query))).toContain('took longer than 5 minutes');
    expect(outcome(await post('/v1/sessions/single-sign-on', { singleSignOn: late }))).toBe(
      'single-sign-on-refused',
    );
    control.clock.set(new Date().toISOString());
  });

  it('R24: does not open for who is locked out', async () => {
    const wrong = { login: 'eva', password: 'not the password' };
    for (let i = 0; i < 5; i++) await post('/v1/sessions', wrong);
    expect(outcome(await signInAs('e-1'))).toBe('sign-in-refused');
    later(15 * 60);
    control.clock.set(new Date().toISOString());
  });

  it('is taken away by one admin, at once', async () => {
    const { json } = await signInAs('b-4711');
    expect(outcome(await post('/v1/people/ben/single-sign-on/remove', { reason: REASON }, admin))).toBe(200);
    expect((await control.ask('GET', '/v1/me', { token: String(json['token']) })).status).toBe(401);
    expect(outcome(await signInAs('b-4711'))).toBe('sign-in-refused');
    await ask('ben', 'b-4711');
    expect(outcome(await accept(await control.signIn('ben'), 'b-4711'))).toBe(200);
  });
});

describe('a signature with single sign-on', () => {
  it('R22: takes a fresh sign-in there and a code, and says what it was made with', async () => {
    session = String((await signInAs('b-4711')).json['token']);
    const own = { password: PASSWORD, reason: REASON };
    const offered = await post('/v1/me/second-component', own, session);
    const app = new Authenticator(String(offered.json['secret']));
    const codeOf = (seconds: number) =>
      app.codeAt(new Date(Date.parse(control.clock.now()) + seconds * 1_000).toISOString());
    expect(outcome(await post('/v1/me/second-component/confirm', { code: codeOf(-30) }, session))).toBe(200);
    const { id, recordDigest } = await capturedRequest(control, ++requests);
    const singleSignOn = await page().proof('b-4711', 'signature', session);
    const body = { recordDigest, reason: REASON, singleSignOn, code: codeOf(0) };
    expect(outcome(await post(`/v1/change-requests/${id}/approve`, body, session))).toBe(200);
    const [event] = (await control.history(changeRequestStream(id))).slice(-1);
    expect(event?.data).toMatchObject({
      signature: {
        components: ['single-sign-on', 'totp'],
        singleSignOn: { issuer: provider.issuer, claim: 'sub', subject: 'b-4711' },
      },
    });
  });
});

describe('without the identity provider', () => {
  it('people sign in and sign with their passwords', async () => {
    await provider.stop();
    const answer = await post('/v1/sessions/single-sign-on/requests', { browser: 'A'.repeat(43) });
    // What it says of itself is remembered for ten minutes: the way there is known, and nobody comes back from it.
    expect([200, 'identity-provider-failed']).toContain(outcome(answer));
    const token = await control.signIn('cyd');
    const { id, recordDigest } = await capturedRequest(control, ++requests);
    const body = { recordDigest, reason: REASON, password: PASSWORD };
    expect(outcome(await post(`/v1/change-requests/${id}/approve`, body, token))).toBe(200);
  });

  it('a site that has none says so', async () => {
    const other = await ControlUnderTest.start();
    try {
      const body = { browser: 'A'.repeat(43) };
      const answer = await other.ask('POST', '/v1/sessions/single-sign-on/requests', { body });
      expect(outcome(answer)).toBe('single-sign-on-unavailable');
      expect(why(answer)).toContain('sso-issuer');
    } finally {
      await other.stop();
    }
  });
});
