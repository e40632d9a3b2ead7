import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changeRequestStream } from '#release-control/domain/change-request/change-request';
import { capturedRequest, type CapturedRequest as Request } from '#test/support/captured-request';
import {
  CONTROL_URL,
  ControlUnderTest,
  PASSWORD,
  REASON,
  type Answer,
} from '#test/support/control-under-test';
import { TestSecurityKey, type Unusual } from '#test/support/security-key';

let control: ControlUnderTest;
let admin: string;
/** Ben's id, session and key. */
let ben: string;
let session: string;
let key: TestSecurityKey;
let requests = 0;

beforeAll(async () => {
  control = await ControlUnderTest.start();
  admin = await control.admin();
  await control.keepSessions(admin);
  ben = await control.enrol(admin, 'ben', ['approver', 'qa']);
  await control.enrol(admin, 'eva', ['approver']);
  session = await control.signIn('ben');
  key = new TestSecurityKey(CONTROL_URL);
});
afterAll(() => control.stop());

const post = (url: string, body: object, token = session) => control.ask('POST', url, { token, body });
const outcome = ({ status, json }: Answer) => json['code'] ?? status;
const why = ({ json }: Answer) => String(json['detail']);
const components = { password: PASSWORD, reason: REASON };
const offer = (name: string, given: object = {}, token = session) =>
  post('/v1/me/security-keys', { name, ...components, ...given }, token);
const confirm = (body: object, token = session) => post('/v1/me/security-keys/confirm', body, token);
const forCredentials = async (unusual: Unusual = {}, token = session) =>
  key.answer((await post('/v1/me/security-key-challenges', {}, token)).json, unusual);
const events = async (type: string) =>
  (await control.history(`person/${ben}`)).filter((event) => event.type === type).map(({ data }) => data);
const later = (seconds: number) =>
  control.clock.set(new Date(Date.parse(control.clock.now()) + seconds * 1_000).toISOString());

async function enrol(added: TestSecurityKey, name: string, given: object = {}, token = session) {
  const { json } = await offer(name, given, token);
  return confirm(added.register(json['options']), token);
}

/** Another request that waits for a signature. */
const captured = () => capturedRequest(control, ++requests);

const challenge = async (
  { id, recordDigest }: Request,
  { meaning = 'approved', reason = REASON, token = session } = {},
) => post(`/v1/change-requests/${id}/security-key-challenges`, { meaning, recordDigest, reason }, token);

async function sign(
  request: Request,
  given: object,
  { verb = 'approve', reason = REASON, token = session } = {},
): Promise<Answer> {
  const { id, recordDigest } = request;
  return post(`/v1/change-requests/${id}/${verb}`, { recordDigest, reason, ...given }, token);
}

/** Signs a request of its own with a key's answer. */
async function signed(given: object = { password: PASSWORD }, unusual: Unusual = {}): Promise<Answer> {
  const request = await captured();
  const securityKey = key.answer((await challenge(request)).json, unusual);
  return sign(request, { ...given, securityKey });
}

describe('enrolling a security key', () => {
  it('R22: takes the password again, and a name of its own', async () => {
    expect(outcome(await offer('blue one', { password: 'not the password' }))).toBe('wrong-password');
    expect(outcome(await offer(' '))).toBe('invalid-key-name');
    expect(outcome(await confirm(key.register({ challenge: 'AAAA', rp: { id: 'x' } })))).toBe(
      'no-security-key-offered',
    );
  });

  it.each<[string, Unusual, string]>([
    ['another origin', { origin: 'https://holdfast.site.example.evil.example' }, 'origin'],
    ['another site', { rpId: 'evil.example' }, 'RP ID'],
    ['an answer that is none to a registration', { type: 'webauthn.get' }, 'type'],
    ['a page inside of another', { crossOrigin: true }, 'inside of a page'],
    ['nobody who touched it', { present: false }, 'resent'],
  ])('R22: refuses %s, and says so', async (_what, unusual, said) => {
    const { json } = await offer('blue one');
    const answer = await confirm(new TestSecurityKey(CONTROL_URL).register(json['options'], unusual));
    expect(outcome(answer)).toBe('security-key-refused');
    expect(why(answer)).toContain(said);
  });

  it('R22: takes an answer to the challenge that waits, for five minutes', async () => {
    const first = await offer('blue one');
    await offer('blue one');
    expect(outcome(await confirm(key.register(first.json['options'])))).toBe('security-key-refused');
    const { json } = await offer('blue one');
    later(5 * 60);
    expect(outcome(await confirm(key.register(json['options'])))).toBe('no-security-key-offered');
  });

  it('R22, R23: takes it from who asked for it alone: a stolen session reads no challenge, and answers none', async () => {
    const { json } = await offer('blue one');
    const { challenge: asked } = json['options'] as { readonly challenge: string };
    const stolen = await control.signIn('ben');
    expect(JSON.stringify(await control.history(`person/${ben}`))).not.toContain(asked);
    expect(outcome(await confirm(key.register(json['options']), stolen))).toBe('no-security-key-offered');
  });

  it('R22: keeps what everybody may see in the history, and ends the other sessions', async () => {
    const other = await control.signIn('ben');
    expect(outcome(await enrol(key, 'blue one'))).toBe(200);
    expect(await events('SecurityKeyEnrolled')).toMatchObject([
      {
        key: {
          name: 'blue one',
          credentialId: key.id.toString('base64url'),
          algorithm: -7,
          publicKey: expect.stringMatching(/^MFkw/) as string,
          transports: ['usb'],
        },
      },
    ]);
    expect((await control.ask('GET', '/v1/me', { token: other })).status).toBe(401);
    const { json } = await control.ask('GET', '/v1/me/security-keys', { token: session });
    expect(json['securityKeys']).toMatchObject([{ name: 'blue one' }]);
  });

  it('R22: takes both components from then on, and neither the same key nor the same name twice', async () => {
    expect(outcome(await offer('red one'))).toBe('second-component-required');
    const again = { securityKey: await forCredentials() };
    expect(outcome(await enrol(key, 'red one', again))).toBe('security-key-refused');
    const sameName = await offer('Blue One', { securityKey: await forCredentials() });
    expect(outcome(sameName)).toBe('security-key-name-taken');
  });

  it.each(['eddsa', 'rs256'] as const)('takes a key that signs with %s', async (algorithm) => {
    const other = new TestSecurityKey(CONTROL_URL, algorithm);
    expect(outcome(await enrol(other, algorithm, { securityKey: await forCredentials() }))).toBe(200);
    const request = await captured();
    const securityKey = other.answer((await challenge(request)).json);
    expect(outcome(await sign(request, { password: PASSWORD, securityKey }))).toBe(200);
  });
});

describe('a security key of somebody else', () => {
  it('R20: is not enrolled, and that is recorded', async () => {
    const dan = await control.enrol(admin, 'dan', ['approver']);
    const token = await control.signIn('dan');
    expect(outcome(await enrol(key, 'mine', {}, token))).toBe('security-key-refused');
    const stream = `security-key/${createHash('sha256').update(key.id).digest('hex')}`;
    expect(await control.history(stream)).toMatchObject([
      { type: 'SecurityKeyClaimed', data: { person: ben } },
      { type: 'SecurityKeyClaimContested', data: { person: dan, holder: ben } },
    ]);
  });
});

describe('signing in with a security key', () => {
  const signIn = (given: object) =>
    control.ask('POST', '/v1/sessions', { body: { login: 'ben', password: PASSWORD, ...given } });
  const asked = (login: string, password = PASSWORD) =>
    control.ask('POST', '/v1/sessions/security-key-challenges', { body: { login, password } });

  it('R22: asks for it beside the password, and tells nobody else which keys there are', async () => {
    expect(outcome(await signIn({}))).toBe('second-component-required');
    expect(outcome(await asked('ben', 'not the password'))).toBe('sign-in-refused');
    expect(outcome(await asked('nobody'))).toBe('sign-in-refused');
    expect(outcome(await asked('eva'))).toBe('no-security-key');
    const securityKey = key.answer((await asked('ben')).json);
    expect(outcome(await signIn({ securityKey, password: 'not the password' }))).toBe('sign-in-refused');
    expect(outcome(await signIn({ securityKey }))).toBe(201);
    // Seen once, it is worth nothing; of two at once the history takes one.
    expect(outcome(await signIn({ securityKey }))).toBe('security-key-refused');
    const next = key.answer((await asked('ben')).json);
    const both = await Promise.all([signIn({ securityKey: next }), signIn({ securityKey: next })]);
    expect(both.map(outcome).map(String).sort()).toEqual(['201', 'security-key-refused']);
  });

  it('R22: takes no answer that was given for something else', async () => {
    expect(outcome(await signIn({ securityKey: await forCredentials() }))).toBe('security-key-refused');
  });
});

describe('a signature with a security key', () => {
  it('R19, R22: is bound to record, meaning and signer, and keeps what the key answered', async () => {
    const request = await captured();
    const asked = await challenge(request);
    const securityKey = key.answer(asked.json);
    expect(outcome(await sign(request, { password: PASSWORD, securityKey }))).toBe(200);
    const { data } = (await control.history(changeRequestStream(request.id))).at(-1) ?? {};
    const { at: _at, nonce: _nonce, ...assertion } = securityKey;
    expect(data).toMatchObject({
      signature: {
        components: ['password', 'security-key'],
        recordDigest: request.recordDigest,
        securityKey: {
          ...assertion,
          origin: CONTROL_URL,
          rpId: 'holdfast.site.example',
          statement: {
            form: 'holdfast/security-key/v1',
            site: 'site.example/log',
            for: 'signature',
            person: ben,
            printedName: 'ben of the team',
            meaning: 'approved',
            recordKind: 'change-request',
            record: request.id,
            recordDigest: request.recordDigest,
          },
        },
      },
    });
  });

  it.each<[string, (request: Request, other: Request) => Promise<Answer>]>([
    [
      'another record',
      async (request, other) =>
        sign(other, { password: PASSWORD, securityKey: key.answer((await challenge(request)).json) }),
    ],
    [
      'a record that was changed',
      async (request) => {
        const changed = { ...request, recordDigest: 'f'.repeat(64) };
        const securityKey = key.answer((await challenge(changed)).json);
        return sign(request, { password: PASSWORD, securityKey });
      },
    ],
    [
      'another meaning',
      async (request) => {
        const securityKey = key.answer((await challenge(request)).json);
        return sign(request, { password: PASSWORD, securityKey }, { verb: 'reject' });
      },
    ],
    [
      'another reason',
      async (request) => {
        const securityKey = key.answer((await challenge(request)).json);
        const reason = { ...REASON, text: 'something else entirely' };
        return sign(request, { password: PASSWORD, securityKey }, { reason });
      },
    ],
    [
      'another time than was said',
      async (request) => {
        const securityKey = {
          ...key.answer((await challenge(request)).json),
          at: '2026-11-24T07:59:00.000Z',
        };
        return sign(request, { password: PASSWORD, securityKey });
      },
    ],
    [
      'later than five minutes',
      async (request) => {
        const securityKey = key.answer((await challenge(request)).json);
        later(5 * 60);
        return sign(request, { password: PASSWORD, securityKey });
      },
    ],
  ])('R19: is refused for %s', async (_what, attempt) => {
    expect(outcome(await attempt(await captured(), await captured()))).toBe('security-key-refused');
    expect(outcome(await signed())).toBe(200);
  });

  it('R19, R20: of another signer is refused', async () => {
    const eva = await control.signIn('eva');
    const hers = new TestSecurityKey(CONTROL_URL);
    expect(outcome(await enrol(hers, 'mine', {}, eva))).toBe(200);
    const request = await captured();
    // Ben's answer, given by Eva; Eva's key, asked by Ben.
    const securityKey = key.answer((await challenge(request)).json);
    const copied = await sign(request, { password: PASSWORD, securityKey }, { token: eva });
    expect(outcome(copied)).toBe('security-key-refused');
    const borrowed = hers.answer((await challenge(request)).json);
    const lent = await sign(request, { password: PASSWORD, securityKey: borrowed });
    expect(outcome(lent)).toBe('security-key-refused');
    expect(why(lent)).toContain('none of yours');
    expect(outcome(await signed())).toBe(200);
  });

  it('R19: is made once: seen before, it is refused', async () => {
    const request = await captured();
    const securityKey = key.answer((await challenge(request)).json);
    expect(outcome(await sign(request, { password: PASSWORD, securityKey }))).toBe(200);
    const again = await sign(request, { password: PASSWORD, securityKey });
    expect(outcome(again)).toBe('security-key-refused');
    expect(why(again)).toContain('given before');
    expect(outcome(await signed())).toBe(200);
  });

  it.each<[string, Unusual]>([
    ['another origin', { origin: 'https://holdfast.evil.example' }],
    ['another site', { rpId: 'evil.example' }],
    ['nobody who touched the key', { present: false }],
    ['an answer to another ceremony', { type: 'webauthn.create' }],
    ['a page inside of another', { crossOrigin: true }],
  ])('R22: is refused for %s', async (_what, unusual) => {
    expect(outcome(await signed({ password: PASSWORD }, unusual))).toBe('security-key-refused');
    expect(outcome(await signed())).toBe(200);
  });

  it('R22: is refused when a byte of it was altered', async () => {
    const request = await captured();
    const answer = key.answer((await challenge(request)).json);
    const signature = Buffer.from(String(answer['signature']), 'base64url');
    signature[signature.length - 1] = (signature.at(-1) ?? 0) ^ 1;
    const securityKey = { ...answer, signature: signature.toString('base64url') };
    expect(outcome(await sign(request, { password: PASSWORD, securityKey }))).toBe('security-key-refused');
    expect(outcome(await signed())).toBe(200);
  });

  it('R22: of the key alone goes on a period of signing, if the key made sure of its person, and makes it no longer', async () => {
    later(60 * 60);
    expect(outcome(await signed({}))).toBe('password-required');
    expect(outcome(await signed())).toBe(200);
    later(14 * 60);
    expect(outcome(await signed({}, { verified: false }))).toBe('user-verification-required');
    const alone = await signed({});
    expect(outcome(alone)).toBe(200);
    const approved = (await control.history(changeRequestStream(String(alone.json['id'])))).at(-1);
    expect(approved).toMatchObject({
      actor: { auth: 'security-key' },
      data: { signature: { components: ['security-key'] } },
    });
    later(60);
    expect(outcome(await signed({}))).toBe('password-required');
    expect(outcome(await sign(await captured(), { password: PASSWORD }))).toBe('second-component-required');
  });

  it('asks for something that proves who signs', async () => {
    const answer = await sign(await captured(), {});
    expect(answer.json).toMatchObject({ status: 400, code: 'invalid-request' });
  });
});

describe('a security key', () => {
  it('R24: whose answers are refused again and again locks its person out, as wrong passwords do', async () => {
    for (let attempt = 1; attempt <= 5; attempt++) {
      expect(outcome(await signed({ password: PASSWORD }, { origin: 'https://evil.example' }))).toBe(
        'security-key-refused',
      );
    }
    expect(outcome(await signed())).toBe('locked-out');
    later(15 * 60);
    expect(outcome(await signed())).toBe(200);
  });

  it('R24: whose count goes back is refused, and that is in the history at once', async () => {
    expect(outcome(await signed({ password: PASSWORD }, { count: 1_000 }))).toBe(200);
    const back = await signed({ password: PASSWORD }, { count: 7 });
    expect(outcome(back)).toBe('security-key-count');
    expect(await events('SecurityKeyCountWentBack')).toMatchObject([
      { name: 'blue one', known: 1_000, found: 7 },
    ]);
    expect(outcome(await signed({ password: PASSWORD }, { count: 1_001 }))).toBe(200);
  });

  it('R24: is removed with both components, and counts no more', async () => {
    const { json } = await control.ask('GET', '/v1/me/security-keys', { token: session });
    const [first] = json['securityKeys'] as readonly { readonly id: string }[];
    const remove = (id: string, given: object) =>
      post(`/v1/me/security-keys/${id}/remove`, { ...components, ...given });
    expect(outcome(await remove(String(first?.id), {}))).toBe('second-component-required');
    const unknown = await remove('no-such-id', { securityKey: await forCredentials() });
    expect(outcome(unknown)).toBe('no-such-security-key');
    expect(outcome(await remove(String(first?.id), { securityKey: await forCredentials() }))).toBe(200);
    expect(outcome(await signed())).toBe('security-key-refused');
    expect(await events('SecurityKeyRemoved')).toMatchObject([{ name: 'blue one' }]);
  });

  it('R23: is void with everything else once two have reset its person', async () => {
    await control.enrol(admin, 'second', ['admin']);
    const second = await control.signIn('second');
    const asked = await post('/v1/people/eva/reset', { reason: REASON }, admin);
    const confirmed = await post('/v1/people/eva/reset/confirm', components, second);
    const secret = String(asked.json['firstPart']) + String(confirmed.json['secondPart']);
    const body = { login: 'eva', secret, password: PASSWORD };
    expect(outcome(await control.ask('POST', '/v1/passwords', { body }))).toBe(204);
    const eva = await control.signIn('eva');
    const { json } = await control.ask('GET', '/v1/me/security-keys', { token: eva });
    expect(json['securityKeys']).toEqual([]);
  });
});
