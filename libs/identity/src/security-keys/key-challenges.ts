import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { canonicalBytes, lasts, later, type JsonObject } from '#kernel';
import { derivedKey } from '#platform/derived-key';
import { IdentityError } from '../domain/errors.js';
import { CHALLENGE_MINUTES } from '../domain/person/second-components.js';
import { statementOf, type Issued, type KeyPurpose, type Statement } from './statement.js';

const HALF = 16;

/** A statement that was made here not long ago, for this session. */
export interface OpenStatement {
  readonly statement: Statement;
  /** RFC 3339, UTC. */
  readonly expiresAt: string;
}

/**
 * Makes statements for security keys to sign, and knows them again: half of each nonce is random, half an HMAC over all the rest. Nothing is kept until
 * one is answered, and then it is in the person's stream, which takes each once.
 */
export class KeyChallenges {
  private readonly key: Uint8Array;

  /** @param siteKey 32 bytes; the key in use is derived from it (RFC 5869) @param site the site's name, which each statement carries */
  constructor(
    siteKey: Uint8Array,
    private readonly site: string,
  ) {
    this.key = derivedKey(siteKey, 'key-challenge/v1');
  }

  /** @param session null before there is one @param at RFC 3339 */
  issue(purpose: KeyPurpose, session: string | null, at: string): OpenStatement {
    const random = randomBytes(HALF);
    const nonce = Buffer.concat([random, this.mac(purpose, session, at, random)]).toString('base64url');
    return { statement: statementOf(this.site, purpose, { at, nonce }), expiresAt: endOf(at) };
  }

  /**
   * The statement made for just that. Who made it up, altered its time or waited too long is refused.
   * @throws IdentityError `security-key-refused`
   */
  open(purpose: KeyPurpose, session: string | null, { at, nonce }: Issued, now: string): OpenStatement {
    const bytes = Buffer.from(nonce, 'base64url');
    const [random, mac] = [bytes.subarray(0, HALF), bytes.subarray(HALF)];
    const ours = this.mac(purpose, session, at, random);
    if (mac.length !== ours.length || !timingSafeEqual(mac, ours)) {
      throw new IdentityError(
        'security-key-refused',
        'the security key answered something else than what it is given for: another record, meaning, reason, person or session. Ask for a challenge for this',
      );
    }
    // Not from before it was asked for either: a clock that was set back would date the answer so.
    if (!lasts(endOf(at), now, CHALLENGE_MINUTES * 60_000) || Date.parse(now) < Date.parse(at)) {
      throw new IdentityError(
        'security-key-refused',
        `the challenge is of ${at}, and was good for ${CHALLENGE_MINUTES} minutes: ask for a new one`,
      );
    }
    return { statement: statementOf(this.site, purpose, { at, nonce }), expiresAt: endOf(at) };
  }

  private mac(purpose: KeyPurpose, session: string | null, at: string, random: Uint8Array): Buffer {
    const all = [purpose as unknown as JsonObject, session, at, Buffer.from(random).toString('base64url')];
    return createHmac('sha256', this.key).update(canonicalBytes(all)).digest().subarray(0, HALF);
  }
}

function endOf(at: string): string {
  return later(at, CHALLENGE_MINUTES * 60_000);
}
