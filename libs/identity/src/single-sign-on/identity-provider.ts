import * as client from 'openid-client';
import type { Clock } from '#kernel';
import { isLoopback } from '#platform/settings-of-single-sign-on';
import { IdentityError } from '../domain/errors.js';
import type { SignOnIdentity } from '../domain/person/single-sign-on-events.js';
import type { SignOnFault } from '../domain/sign-on-refusals/sign-on-refusals.js';
import { requireSubject } from '../domain/person/single-sign-on.js';
import { failedProvider, PATIENCE_MS, ProviderFetch, type ProviderAddress } from './provider-fetch.js';
import { requireSameTime, SKEW_SECONDS } from './same-time.js';
import type { SignOnRequest } from './sealed-sign-ons.js';
import type { SignOnSettings } from './settings.js';

/** What it says of itself is asked for again after so long. */
const METADATA_MS = 10 * 60_000;

/** Who it is by the provider's word, and when they proved it there: by its clock, within the skew. RFC 3339, UTC. */
export interface Identified {
  readonly identity: SignOnIdentity;
  readonly authTime: string;
}

/** An answer that does not count, for the history as well. */
export class RefusedAnswer extends Error {
  override readonly name = 'RefusedAnswer';

  constructor(
    readonly fault: SignOnFault,
    message: string,
  ) {
    super(message);
  }
}

/** The site's identity provider, as a client of OpenID Connect Core 1.0 sees it: authorization code, PKCE, state, nonce, and signing in anew each time. */
export class IdentityProvider {
  private readonly out: ProviderFetch;
  private known: { readonly metadata: client.ServerMetadata; readonly since: number } | undefined;

  constructor(
    readonly settings: SignOnSettings,
    private readonly clock: Clock,
    { patienceMs = PATIENCE_MS }: { readonly patienceMs?: number } = {},
  ) {
    this.out = new ProviderFetch(settings, patienceMs);
  }

  /**
   * Where a browser goes to sign in, now and again, whatever session it has there (3.1.2.1, `prompt`, `max_age`).
   * @throws IdentityError `identity-provider-failed`
   */
  async address(state: string, { verifier, nonce }: SignOnRequest): Promise<string> {
    const config = await this.configuration();
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: this.settings.redirectUri,
      scope: this.settings.scopes,
      state,
      nonce,
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      prompt: 'login',
      max_age: '0',
    });
    this.out.requireAllowed(url);
    return url.href;
  }

  /**
   * Exchanges the code for an ID token and checks it (3.1.3.7): issuer, audience, times, nonce, its signature by a key that the provider publishes, and that the person
   * signed in after we asked, by our clock.
   * @param parameters as the browser brought them
   * @throws RefusedAnswer; IdentityError `identity-provider-failed`, `single-sign-on-refused`
   */
  async identified(parameters: URLSearchParams, request: SignOnRequest): Promise<Identified> {
    const config = await this.configuration();
    const back = new URL(this.settings.redirectUri);
    back.search = parameters.toString();
    const now = this.clock.now();
    const asked = Date.parse(request.at);
    const checks = {
      expectedState: parameters.get('state') ?? '',
      expectedNonce: request.nonce,
      pkceCodeVerifier: request.verifier,
      maxAge: Math.max(0, Math.ceil((Date.parse(now) - asked) / 1_000)),
      idTokenExpected: true,
    };
    const tokens = await client.authorizationCodeGrant(config, back, checks).catch(explain);
    const claims = tokens.claims();
    if (!claims) throw new RefusedAnswer('answer-not-valid', 'it sent no ID token');
    const authTime = (claims.auth_time ?? 0) * 1_000;
    const [from, to] = [asked - SKEW_SECONDS * 1_000, Date.parse(now) + SKEW_SECONDS * 1_000];
    if (!(authTime >= from && authTime <= to)) {
      throw new RefusedAnswer(
        'too-old',
        'the person did not sign in there anew: its auth_time is not of now',
      );
    }
    return { identity: this.identityIn(claims), authTime: new Date(authTime).toISOString() };
  }

  async close(): Promise<void> {
    await this.out.close();
  }

  private identityIn(claims: client.IDToken): SignOnIdentity {
    const { issuer, claim } = this.settings;
    const subject = claims[claim];
    if (typeof subject !== 'string') {
      throw failedProvider(`its ID token has no text in the claim ${claim}, which sso-claim names`);
    }
    try {
      requireSubject(subject);
    } catch {
      throw failedProvider(`the claim ${claim} of its ID token is no name of a person`);
    }
    return { issuer, claim, subject };
  }

  /** With our clock, and keys that are fetched for each answer: a key that the provider took back signs no more. */
  private async configuration(): Promise<client.Configuration> {
    const { clientId, clientSecret, issuer } = this.settings;
    const skew = Math.round((Date.parse(this.clock.now()) - Date.now()) / 1_000);
    const clocks = { [client.clockSkew]: skew, [client.clockTolerance]: SKEW_SECONDS };
    const as = clientSecret === undefined ? client.None() : client.ClientSecretBasic(clientSecret);
    const config = new client.Configuration(await this.metadata(), clientId, clocks, as);
    config[client.customFetch] = this.out.fetch;
    // What came over TLS would not have its signature looked at otherwise (3.1.3.7, 6).
    client.enableNonRepudiationChecks(config);
    if (isPlain(issuer)) client.allowInsecureRequests(config);
    return config;
  }

  private async metadata(): Promise<client.ServerMetadata> {
    if (this.known && performance.now() - this.known.since < METADATA_MS) return this.known.metadata;
    const { issuer, clientId } = this.settings;
    const metadata = await discover(issuer, clientId, this.out);
    this.known = { metadata, since: performance.now() };
    return metadata;
  }
}

/** What the provider says of itself (OpenID Connect Discovery 1.0, 4). @throws IdentityError `identity-provider-failed` */
async function discover(
  issuer: string,
  clientId: string,
  out: ProviderFetch,
): Promise<client.ServerMetadata> {
  const execute = isPlain(issuer) ? [client.allowInsecureRequests] : [];
  const options = { execute, [client.customFetch]: out.fetch };
  const config = await client
    .discovery(new URL(issuer), clientId, undefined, undefined, options)
    .catch(failed);
  const metadata = config.serverMetadata();
  if (metadata.issuer !== issuer)
    throw failedProvider(`it calls itself ${metadata.issuer}, and not ${issuer}`);
  return metadata;
}

/**
 * Asks the provider for what it says of itself and for its keys, as control does before it believes an answer; as nobody, for nothing.
 * @param now by our clock, epoch in milliseconds
 * @throws IdentityError `identity-provider-failed`, also where control would have to go elsewhere, and where the clocks are so far apart that it would believe no answer
 */
export async function reachIdentityProvider(
  address: ProviderAddress,
  now: () => number = Date.now,
): Promise<void> {
  const out = new ProviderFetch(address, PATIENCE_MS);
  try {
    const metadata = await discover(address.issuer, 'nobody', out);
    for (const endpoint of [metadata.authorization_endpoint, metadata.token_endpoint])
      if (endpoint !== undefined) out.requireAllowed(new URL(endpoint));
    if (metadata.jwks_uri === undefined) throw failedProvider('it names no keys (jwks_uri)');
    const { status, headers } = await out.fetch(metadata.jwks_uri, {
      method: 'GET',
      headers: { accept: 'application/json' },
      body: undefined,
      redirect: 'manual',
    });
    if (status !== 200) throw failedProvider(`it answers with status ${status} for its keys`);
    requireSameTime(headers.get('date'), now());
  } finally {
    await out.close();
  }
}

function isPlain(issuer: string): boolean {
  const url = new URL(issuer);
  return url.protocol === 'http:' && isLoopback(url);
}

/** What the library throws for answers that came, and are wrong. */
const NOT_VALID = new Set([
  'OAUTH_INVALID_RESPONSE',
  'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
  'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED',
  'OAUTH_KEY_SELECTION_FAILED',
  'OAUTH_UNSUPPORTED_OPERATION',
]);

function explain(error: unknown): never {
  if (error instanceof client.AuthorizationResponseError) {
    throw new IdentityError(
      'single-sign-on-refused',
      `the identity provider let nobody in: ${bounded(error.error)}${described(error.error_description)}`,
    );
  }
  if (error instanceof client.ResponseBodyError && error.error === 'invalid_grant') {
    throw new RefusedAnswer(
      'answer-not-valid',
      `its code is used, or not for us${described(error.error_description)}`,
    );
  }
  if (error instanceof client.ClientError) {
    if (error.code === 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED') throw new RefusedAnswer('too-old', why(error));
    if (NOT_VALID.has(error.code ?? '')) throw new RefusedAnswer('answer-not-valid', why(error));
  }
  return failed(error);
}

function failed(error: unknown): never {
  if (error instanceof IdentityError) throw error;
  const { cause } = error instanceof Error ? error : {};
  if (cause instanceof IdentityError) throw cause;
  if (error instanceof client.ResponseBodyError) {
    throw failedProvider(`it answers ${bounded(error.error)}${described(error.error_description)}`);
  }
  throw failedProvider(why(error));
}

function why(error: unknown): string {
  if (!(error instanceof Error)) return bounded(String(error));
  const { cause } = error;
  return bounded(cause instanceof Error && cause.message !== '' ? cause.message : error.message);
}

function described(text: string | undefined): string {
  return text === undefined ? '' : ` (${bounded(text)})`;
}

/** Whoever answers may say what they like, at any length. */
function bounded(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .slice(0, 200)
    .toWellFormed();
}
