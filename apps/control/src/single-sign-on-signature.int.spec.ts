import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventEnvelope } from '#kernel';
import { changeRequest, changeRequestStream } from '#release-control/domain/change-request/change-request';
import { recordOf } from '#release-control/domain/change-request/record';
import { Authenticator } from '#test/support/authenticator';
import { capturedRequest } from '#test/support/captured-request';
import {
  CONTROL_URL,
  ControlUnderTest,
  PASSWORD,
  REASON,
  type Answer,
} from '#test/support/control-under-test';
import { TestSecurityKey } from '#test/support/security-key';
import { SIGN_ON_REDIRECT, SignOnPage } from '#test/support/sign-on-page';
import { SmallIdentityProvider } from '#test/support/small-identity-provider';

const run = promisify(execFile);

let provider: SmallIdentityProvider;
let control: ControlUnderTest;
let ben: string;
let session: string;
let app: Authenticator;
let key: TestSecurityKey;
let requests = 0;

const outcome = ({ status, json }: Answer) => json['code'] ?? status;
const why = ({ json }: Answer) => String(json['detail']);
const post = (url: string, body: object, token?: string) =>
  control.ask('POST', url, { body, ...(token !== undefined && { token }) });
const later = (seconds: number) =>
  control.clock.set(new Date(Date.parse(control.clock.now()) + seconds * 1_000).toISOString());
const of = async (stream: string, type: string) =>
  (await control.history(stream)).filter((event) => event.type === type).map(({ data }) => data);
const page = () =>
  new SignOnPage(control, (address, subject) => Promise.resolve(provider.back(address, subject)));

beforeAll(async () => {
  provider = await SmallIdentityProvider.start(() => Date.parse(control.clock.now()), SIGN_ON_REDIRECT);
  control = await ControlUnderTest.start({ signOn: provider.settings });
  const admin = await control.admin();
  ben = await control.enrol(admin, 'ben', ['approver', 'qa']);
  await post('/v1/people/ben/single-sign-on', { subject: 'b-4711', reason: REASON }, admin);
  await page().accept(await control.signIn('ben'), 'b-4711');
});
afterAll(async () => {
  await control?.stop();
  await provider?.stop();
});

/** What the stand-alone script says of the signature in an event. */
async function verified(id: string, event: EventEnvelope | undefined): Promise<string> {
  const { state } = await control.adapters.streams.load(changeRequest, changeRequestStream(id));
  if (!event || !('changes' in state)) throw new Error(`${id} has no record`);
  const { signature } = event.data as unknown as { readonly signature: object };
  const view = { record: recordOf(state), signatures: [signature], history: [event] };
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-signature-'));
  try {
    const file = path.join(folder, 'change.json');
    await writeFile(file, JSON.stringify(view));
    return (await run(process.execPath, ['tools/verify-signature.mjs', file])).stdout;
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('a signature with single sign-on', () => {
  const code = () => {
    later(30);
    return app.codeAt(control.clock.now());
  };
  const sign = async (given: object, token = session) => {
    const { id, recordDigest } = await capturedRequest(control, ++requests);
    const answer = await post(
      `/v1/change-requests/${id}/approve`,
      { recordDigest, reason: REASON, ...given },
      token,
    );
    return { id, answer };
  };
  const proof = (token = session, as = 'b-4711') => page().proof(as, 'signature', token);

  it('R22: is none without a second component', async () => {
    session = String((await page().signIn('b-4711')).json['token']);
    const { answer } = await sign({ singleSignOn: await proof() });
    expect(outcome(answer)).toBe('second-component-missing');
    expect(outcome((await sign({})).answer)).toBe('invalid-request');
  });

  it('R22: takes a code beside it, and says what it was made with', async () => {
    const own = { password: PASSWORD, reason: REASON };
    const offered = await post('/v1/me/second-component', own, session);
    app = new Authenticator(String(offered.json['secret']));
    expect(outcome(await post('/v1/me/second-component/confirm', { code: code() }, session))).toBe(200);
    expect(outcome((await sign({ singleSignOn: await proof() })).answer)).toBe('second-component-required');
    const { id, answer } = await sign({ singleSignOn: await proof(), code: code() });
    expect(outcome(answer)).toBe(200);
    const [event] = (await control.history(changeRequestStream(id))).slice(-1);
    const [bound] = (await of(`person/${ben}`, 'SingleSignOnBound')).slice(-1);
    const { use } = bound as unknown as { readonly use: { readonly credential: string } };
    expect(event).toMatchObject({
      actor: { id: ben, auth: 'single-sign-on' },
      data: {
        signature: {
          components: ['single-sign-on', 'totp'],
          credential: use.credential,
          singleSignOn: { issuer: provider.issuer, claim: 'sub', subject: 'b-4711' },
        },
      },
    });
  });

  it('R22: takes both within a period of signing too, and one answer once', async () => {
    const singleSignOn = await proof();
    expect(outcome((await sign({ singleSignOn })).answer)).toBe('second-component-required');
    const [one, other] = [code(), await sign({ singleSignOn, password: PASSWORD })];
    expect(outcome(other.answer)).toBe('single-sign-on-refused');
    expect(outcome((await sign({ singleSignOn, code: one })).answer)).toBe(200);
    expect(outcome((await sign({ singleSignOn, code: code() })).answer)).toBe('single-sign-on-refused');
    // The password alone is enough in the period, as for everybody.
    expect(outcome((await sign({ password: PASSWORD })).answer)).toBe(200);
  });

  it('R22: takes no sign-in of another purpose, session or person', async () => {
    const toSignIn = await page().proof('b-4711', 'sign-in');
    expect(outcome((await sign({ singleSignOn: toSignIn, code: code() })).answer)).toBe(
      'single-sign-on-refused',
    );
    const { json } = await page().signIn('b-4711', { code: code() });
    const elsewhere = await proof(String(json['token']));
    expect(outcome((await sign({ singleSignOn: elsewhere, code: code() })).answer)).toBe(
      'single-sign-on-refused',
    );
    const ofAnother = await sign({ singleSignOn: await proof(session, 'e-1'), code: code() });
    expect(why(ofAnother.answer)).toContain('as e-1, and b-4711 is expected');
    const made = await sign({ singleSignOn: `hfo_${'A'.repeat(200)}`, code: code() });
    expect(outcome(made.answer)).toBe('single-sign-on-refused');
  });

  it('R22: takes a security key beside it, at signing and at signing in', async () => {
    key = new TestSecurityKey(CONTROL_URL);
    const own = { name: 'blue one', password: PASSWORD, code: code(), reason: REASON };
    const offered = await post('/v1/me/security-keys', own, session);
    await post('/v1/me/security-keys/confirm', key.register(offered.json['options']), session);
    const { id, recordDigest } = await capturedRequest(control, ++requests);
    const what = { meaning: 'approved', recordDigest, reason: REASON };
    const asked = await post(`/v1/change-requests/${id}/security-key-challenges`, what, session);
    const securityKey = key.answer(asked.json);
    const body = { recordDigest, reason: REASON, securityKey, singleSignOn: await proof() };
    expect(outcome(await post(`/v1/change-requests/${id}/approve`, body, session))).toBe(200);
    const [event] = (await control.history(changeRequestStream(id))).slice(-1);
    expect(event?.data).toMatchObject({ signature: { components: ['single-sign-on', 'security-key'] } });
    expect(await verified(id, event)).toMatch(/^good .* \(single-sign-on, security-key\)/);
    const singleSignOn = await page().proof('b-4711', 'sign-in');
    const challenge = await post('/v1/sessions/single-sign-on/security-key-challenges', { singleSignOn });
    const given = { singleSignOn, securityKey: key.answer(challenge.json) };
    expect(outcome(await post('/v1/sessions/single-sign-on', given))).toBe(201);
  });

  it('R23: concerns no credential: those take the password', async () => {
    const body = { singleSignOn: await proof(), code: code(), reason: REASON };
    const { json } = await post('/v1/me/second-component/remove', body, session);
    expect(json).toMatchObject({ status: 400, code: 'invalid-request' });
  });
});
