import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { lasts, later } from '#kernel';
import { derivedKey } from '#platform/derived-key';
import { Seal } from '#platform/seal';
import { CHALLENGE_MINUTES } from '../domain/person/second-components.js';
import type { SignOnIdentity } from '../domain/person/single-sign-on-events.js';
import { refusedSignOn } from '../domain/person/single-sign-on.js';

/** What somebody signs in at the provider for. */
export type SignOnPurpose =
  | { readonly for: 'sign-in' }
  /** To sign, or to accept that this is how one signs in, in this session. */
  | { readonly for: 'signature' | 'binding'; readonly session: string };

/** A request that a browser took to the provider. */
export interface SignOnRequest {
  readonly purpose: SignOnPurpose;
  /** RFC 7636: base64url of the SHA-256 of what only the page that asked knows. */
  readonly browser: string;
  /** RFC 7636, of ours. */
  readonly verifier: string;
  readonly nonce: string;
  /** By our clock. RFC 3339, UTC. */
  readonly at: string;
}

/** What came of it. */
export interface SignedOn {
  readonly identity: SignOnIdentity;
  readonly nonce: string;
  /** RFC 3339, UTC, both. */
  readonly authTime: string;
  readonly expiresAt: string;
}

/** Says what it is to secret scanners. */
const PREFIX = 'hfo_';
const LASTS_MS = CHALLENGE_MINUTES * 60_000;
const OF_REQUESTS = ['single-sign-on-request'];

/**
 * What goes through the browser to the provider and back, sealed: a request as `state` (OpenID Connect Core 1.0, 3.1.2.1), what came of it as a proof for the page.
 * Nothing is kept before a proof is used, and then it is in the person's stream, which takes each once.
 */
export class SealedSignOns {
  private readonly seals: Seal;

  /** @param siteKey 32 bytes */
  constructor(siteKey: Uint8Array) {
    this.seals = new Seal(derivedKey(siteKey, 'single-sign-on/v1'));
  }

  /** @param browser as in {@link SignOnRequest} */
  request(
    purpose: SignOnPurpose,
    browser: string,
    at: string,
  ): { readonly state: string; readonly request: SignOnRequest } {
    const [verifier, nonce] = [randomBytes(32).toString('base64url'), randomBytes(32).toString('base64url')];
    const request = { purpose, browser, verifier, nonce, at };
    return { state: this.seal(OF_REQUESTS, request), request };
  }

  /**
   * The request that an answer is to: one of ours, of the same browser, not long ago.
   * @throws IdentityError `single-sign-on-refused`
   */
  openRequest(state: string, secret: string, now: string): SignOnRequest {
    const request = this.open<SignOnRequest>(OF_REQUESTS, state);
    if (!request) throw refusedSignOn('it answers no request of this site');
    const given = createHash('sha256').update(secret).digest();
    const expected = Buffer.from(request.browser, 'base64url');
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      throw refusedSignOn('another page asked for it: begin again, in this browser');
    }
    if (!lasts(endOf(request), now, LASTS_MS)) {
      throw refusedSignOn(`it took longer than ${CHALLENGE_MINUTES} minutes: begin again`);
    }
    return request;
  }

  proof(request: SignOnRequest, identity: SignOnIdentity, authTime: string): string {
    const { purpose, nonce } = request;
    const content: SignedOn = { identity, nonce, authTime, expiresAt: endOf(request) };
    return PREFIX + this.seal(boundTo(purpose), content);
  }

  /** @throws IdentityError `single-sign-on-refused` for what was not sealed here for just that, or long ago */
  openProof(proof: string, purpose: SignOnPurpose, now: string): SignedOn {
    const found = proof.startsWith(PREFIX)
      ? this.open<SignedOn>(boundTo(purpose), proof.slice(PREFIX.length))
      : undefined;
    if (!found) throw refusedSignOn('it was given for something else, or in another session');
    if (!lasts(found.expiresAt, now, LASTS_MS)) {
      throw refusedSignOn(`it is older than ${CHALLENGE_MINUTES} minutes: sign in there again`);
    }
    return found;
  }

  private seal(bound: readonly string[], content: object): string {
    return this.seals.seal(bound, Buffer.from(JSON.stringify(content))).toString('base64url');
  }

  /** Sealed by us: it is what we put into it. */
  private open<Content>(bound: readonly string[], sealed: string): Content | undefined {
    const content = this.seals.open(bound, Buffer.from(sealed, 'base64url'));
    return content && (JSON.parse(content.toString()) as Content);
  }
}

function endOf({ at }: SignOnRequest): string {
  return later(at, LASTS_MS);
}

function boundTo(purpose: SignOnPurpose): readonly string[] {
  return ['single-sign-on-proof', purpose.for, purpose.for === 'sign-in' ? '' : purpose.session];
}
