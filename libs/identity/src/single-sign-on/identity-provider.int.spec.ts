import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StoppedClock } from '#kernel';
import { directHosts } from '#platform/direct-hosts';
import { forwardProxy } from '#upstream/testing/forward-proxy';
import { TestAuthority } from '#platform/tls/testing/test-authority';
import { SmallIdentityProvider, type Unusual } from '#test/support/small-identity-provider';
import { IdentityProvider, reachIdentityProvider, type Identified } from './identity-provider.js';
import { SealedSignOns, type SignOnRequest } from './sealed-sign-ons.js';
import type { SignOnSettings } from './settings.js';

const REDIRECT = 'https://holdfast.site.example/single-sign-on';
const secret = 'what the page that asks keeps for itself, and tells once';
const browser = createHash('sha256').update(secret).digest('base64url');

let clock: StoppedClock;
let small: SmallIdentityProvider;
let provider: IdentityProvider;
const sealed = new SealedSignOns(Buffer.alloc(32, 1));

beforeEach(async () => {
  clock = new StoppedClock('2026-11-24T08:00:00.000Z');
  small = await SmallIdentityProvider.start(() => Date.parse(clock.now()), REDIRECT);
  provider = new IdentityProvider(small.settings, clock);
});
afterEach(async () => {
  await provider.close();
  await small.stop();
});

const later = (seconds: number) =>
  clock.set(new Date(Date.parse(clock.now()) + seconds * 1_000).toISOString());
const seconds = () => Math.floor(Date.parse(clock.now()) / 1_000);
const ask = () => sealed.request({ for: 'sign-in' }, browser, clock.now());

interface Gone {
  readonly address: string;
  readonly request: SignOnRequest;
}

async function go(): Promise<Gone> {
  const { state, request } = ask();
  return { address: await provider.address(state, request), request };
}

const answered = ({ request }: Gone, query: string): Promise<Identified> =>
  provider.identified(new URLSearchParams(query), request);

async function thereAndBack(unusual: Unusual = {}): Promise<Identified> {
  const gone = await go();
  return answered(gone, small.back(gone.address, 'b-4711', unusual));
}

async function refusal(done: Promise<unknown>): Promise<string> {
  try {
    await done;
    return 'nothing was refused';
  } catch (error) {
    const { fault, code, message } = error as { fault?: string; code?: string; message: string };
    return `${fault ?? code ?? 'unexpected'}: ${message}`;
  }
}

describe('an identity provider that is looked at', () => {
  const at = (seconds: number) =>
    refusal(reachIdentityProvider(small.settings, () => Date.now() + seconds * 1_000));

  it('may have another time than we by half a minute, and no more', async () => {
    expect(await at(0)).toBe('nothing was refused');
    expect(await at(25)).toBe('nothing was refused');
    expect(await at(90)).toMatch(/its clock is (89|90|91) seconds behind ours, and at most 30 are allowed/);
    expect(await at(-90)).toMatch(/its clock is (89|90|91) seconds ahead of ours/);
  });
});

describe('an identity provider', () => {
  it('is asked for a fresh sign-in, by authorization code with PKCE, state and nonce', async () => {
    const { address, request } = await go();
    const { origin, pathname, searchParams } = new URL(address);
    expect(origin + pathname).toBe(`${small.issuer}/authorize`);
    const challenge = createHash('sha256').update(request.verifier).digest('base64url');
    expect(Object.fromEntries(searchParams)).toMatchObject({
      client_id: 'holdfast',
      redirect_uri: REDIRECT,
      response_type: 'code',
      scope: 'openid',
      nonce: request.nonce,
      code_challenge: challenge,
      code_challenge_method: 'S256',
      prompt: 'login',
      max_age: '0',
    });
    expect(address).not.toContain(request.verifier);
  });

  it('says who it is, and when they signed in there', async () => {
    expect(await thereAndBack()).toEqual({
      identity: { issuer: small.issuer, claim: 'sub', subject: 'b-4711' },
      authTime: '2026-11-24T08:00:00.000Z',
    });
  });

  it('names people by the claim that the site chose', async () => {
    provider = new IdentityProvider({ ...small.settings, claim: 'oid' }, clock);
    const { identity } = await thereAndBack({ claims: { oid: 'object 7' } });
    expect(identity).toEqual({ issuer: small.issuer, claim: 'oid', subject: 'object 7' });
    expect(await refusal(thereAndBack())).toMatch(/^identity-provider-failed: .*no text in the claim oid/);
    expect(await refusal(thereAndBack({ claims: { oid: 'a\nb' } }))).toMatch('is no name of a person');
    expect(await refusal(thereAndBack({ claims: { oid: 'x'.repeat(256) } }))).toMatch(
      'is no name of a person',
    );
  });

  it.each<[string, Unusual, string]>([
    ['of another issuer', { claims: { iss: 'https://evil.example' } }, 'answer-not-valid'],
    ['for another client', { claims: { aud: 'another' } }, 'answer-not-valid'],
    [
      'for several, of whom another one asked',
      { claims: { aud: ['holdfast', 'b'], azp: 'b' } },
      'answer-not-valid',
    ],
    ['to another request', { claims: { nonce: 'another' } }, 'answer-not-valid'],
    ['to no request', { claims: { nonce: null } }, 'answer-not-valid'],
    ['of nobody', { claims: { sub: null } }, 'answer-not-valid'],
    ['that nobody signed', { alg: 'none' }, 'answer-not-valid'],
    ['that its public key signed, taken for a secret', { alg: 'HS256' }, 'answer-not-valid'],
    ['that another key signed', { otherKey: true }, 'answer-not-valid'],
    ['that is missing', { noIdToken: true }, 'answer-not-valid'],
    ['that does not say when', { claims: { auth_time: null } }, 'answer-not-valid'],
    ['that says when in words', { claims: { auth_time: 'just now' } }, 'answer-not-valid'],
    ['for a code that was used', { token: 'used' }, 'answer-not-valid'],
  ])('R22, R24: an ID token %s does not count', async (_what, unusual, fault) => {
    expect(await refusal(thereAndBack(unusual))).toMatch(`${fault}: `);
  });

  it('R22: a sign-in there counts when it is of now, by our clock, give or take half a minute', async () => {
    const at = async (offset: number) => refusal(thereAndBack({ claims: { auth_time: seconds() + offset } }));
    expect(await at(-31)).toMatch('too-old: ');
    expect(await at(-29)).toBe('nothing was refused');
    expect(await at(29)).toBe('nothing was refused');
    expect(await at(31)).toMatch('too-old: ');
    const gone = await go();
    later(240);
    // Before it was asked for, which is what a session there is from.
    const before = { claims: { auth_time: seconds() - 271 } };
    expect(await refusal(answered(gone, small.back(gone.address, 'b-4711', before)))).toMatch('too-old: ');
    const since = { claims: { auth_time: seconds() - 200 } };
    await expect(answered(gone, small.back(gone.address, 'b-4711', since))).resolves.toBeDefined();
  });

  it('R22: an ID token that has expired does not count', async () => {
    const claims = { exp: seconds() - 31 };
    expect(await refusal(thereAndBack({ claims }))).toMatch('too-old: ');
  });

  it.each<[string, NonNullable<Unusual['token']>, string]>([
    ['never answers', 'hangs', 'did not answer within'],
    ['answers without end', 'endless', 'more than 256 KiB'],
    ['sends us elsewhere', 'redirects', 'unexpected HTTP response status code'],
    ['answers with a page', 'html', 'content-type'],
    ['does not know us', 'fails', 'invalid_client'],
  ])('one that %s makes sure of nobody, and says so', async (_what, token, said) => {
    await provider.close();
    provider = new IdentityProvider(small.settings, clock, { patienceMs: 500 });
    const found = await refusal(thereAndBack({ token }));
    expect(found).toMatch(/^identity-provider-failed: the identity provider cannot make sure of anybody: /);
    expect(found).toContain(said);
  });

  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['that calls itself otherwise', { issuer: 'https://evil.example' }, 'issuer'],
    [
      'whose tokens are elsewhere',
      { token_endpoint: 'http://10.0.0.1/token' },
      'it leads to http://10.0.0.1',
    ],
    ['whose keys are elsewhere', { jwks_uri: 'https://evil.example/keys' }, 'name it in sso-origins'],
    [
      'whose page is elsewhere',
      { authorization_endpoint: 'https://evil.example/a' },
      'it leads to https://evil.example',
    ],
  ])('one %s is followed nowhere', async (_what, metadata, said) => {
    small.metadata = metadata;
    const found = await refusal(thereAndBack());
    expect(found).toMatch(/^identity-provider-failed: /);
    expect(found).toContain(said);
  });

  it('has its endpoints elsewhere only where the site says so', async () => {
    small.metadata = { authorization_endpoint: 'https://login.example/a' };
    provider = new IdentityProvider({ ...small.settings, origins: ['https://login.example/'] }, clock);
    const { address } = await go();
    expect(new URL(address).origin).toBe('https://login.example');
  });

  it('an answer that names another issuer is not mixed up with its own (RFC 9207)', async () => {
    const gone = await go();
    const mixedUp = new URLSearchParams(small.back(gone.address, 'b-4711'));
    mixedUp.set('iss', 'https://evil.example');
    expect(await refusal(answered(gone, mixedUp.toString()))).toMatch('answer-not-valid: ');
    mixedUp.delete('iss');
    expect(await refusal(answered(gone, mixedUp.toString()))).toMatch('answer-not-valid: ');
  });

  it('that lets nobody in says why, in few words of one line', async () => {
    const gone = await go();
    const said = new URLSearchParams({
      error: 'access_denied',
      error_description: `no\r\n${'x'.repeat(5_000)}`,
      state: new URL(gone.address).searchParams.get('state') ?? '',
      iss: small.issuer,
    });
    const found = await refusal(answered(gone, said.toString()));
    expect(found).toMatch(/^single-sign-on-refused: .*access_denied \(no {1,2}x+\)$/);
    expect(found.length).toBeLessThan(400);
  });

  it('that is away makes sure of nobody', async () => {
    await small.stop();
    expect(await refusal(go())).toMatch(/^identity-provider-failed: .*cannot be asked/);
  });
});

describe('an identity provider over TLS', () => {
  const root = TestAuthority.root();

  async function withTls(name: string, act: (one: SmallIdentityProvider) => Promise<void>): Promise<void> {
    const { pem: cert, keyPem: key } = root.server([name]);
    const one = await SmallIdentityProvider.start(() => Date.parse(clock.now()), REDIRECT, {
      cert,
      key,
      name,
    });
    try {
      await act(one);
    } finally {
      await one.stop();
    }
  }

  async function asking(settings: SignOnSettings): Promise<string> {
    const one = new IdentityProvider(settings, clock, { patienceMs: 2_000 });
    const { state, request } = ask();
    const found = await refusal(one.address(state, request));
    await one.close();
    return found;
  }

  it('with a certificate of a private authority is trusted where the site names that', async () => {
    await withTls('localhost', async ({ settings }) => {
      expect(await asking({ ...settings, authorities: root.pem })).toBe('nothing was refused');
      expect(await asking(settings)).toMatch('identity-provider-failed: ');
    });
  });

  it('is asked by the forward proxy, where the site has one and does not except it', async () => {
    await using through = await forwardProxy('Basic of-the-site');
    const by = (authorization: string, noProxy = '') => {
      return { url: new URL(through.url), authorization, direct: directHosts(noProxy) };
    };
    await withTls('login.example', async ({ issuer, settings: direct }) => {
      const settings = { ...direct, authorities: root.pem };
      expect(await asking({ ...settings, proxy: by('Basic of-the-site') })).toBe('nothing was refused');
      expect(through.asked).toEqual([`CONNECT ${new URL(issuer).host}`]);
      expect(await asking({ ...settings, proxy: by('Basic wrong') })).toContain('407');
      const excepted = { ...settings, proxy: by('Basic of-the-site', 'login.example') };
      expect(await asking(excepted)).toMatch('identity-provider-failed: ');
      expect(through.asked).toHaveLength(2);
    });
    expect(await asking({ ...small.settings, proxy: by('Basic of-the-site') })).toBe('nothing was refused');
    expect(through.asked).toHaveLength(2);
  });
});
