import { createHash } from 'node:crypto';
import { lasts, later } from '#kernel';
import { derivedKey } from '#platform/derived-key';
import { Seal } from '#platform/seal';
import { IdentityError } from '../domain/errors.js';

/** Says what it is to secret scanners. */
const PREFIX = 'hfh_';
const MINUTES = 1;
const BOUND_TO = ['session-hand-over'];

interface HandedOver {
  readonly person: string;
  readonly session: string;
  /** RFC 7636: base64url of the SHA-256 of what only who asked for the session knows. */
  readonly challenge: string;
  readonly expiresAt: string;
}

/**
 * Codes that hand a session from a browser to the command line that asked for it, as an authorization code does (RFC 8252, with PKCE, RFC 7636): sealed,
 * for a minute, and good with the verifier alone, which never left that command line. Nothing about them is stored.
 */
export class HandOverCodes {
  private readonly seals: Seal;

  /** @param siteKey 32 bytes */
  constructor(siteKey: Uint8Array) {
    this.seals = new Seal(derivedKey(siteKey, 'session-hand-over/v1'));
  }

  make(named: Pick<HandedOver, 'person' | 'session' | 'challenge'>, at: string): string {
    const content: HandedOver = { ...named, expiresAt: later(at, MINUTES * 60_000) };
    const sealed = this.seals.seal(BOUND_TO, Buffer.from(JSON.stringify(content)));
    return PREFIX + sealed.toString('base64url');
  }

  /** @throws IdentityError `not-signed-in`, with nothing about why */
  open(code: string, verifier: string, at: string): Pick<HandedOver, 'person' | 'session'> {
    const sealed = Buffer.from(code.slice(PREFIX.length), 'base64url');
    const content = code.startsWith(PREFIX) ? this.seals.open(BOUND_TO, sealed) : undefined;
    // Sealed by us: it is what we put into it.
    const found = content && (JSON.parse(content.toString()) as HandedOver);
    const good =
      found !== undefined &&
      lasts(found.expiresAt, at, MINUTES * 60_000) &&
      createHash('sha256').update(verifier).digest('base64url') === found.challenge;
    if (good) return { person: found.person, session: found.session };
    throw new IdentityError('not-signed-in', 'the code is wrong, or older than a minute: sign in again');
  }
}
