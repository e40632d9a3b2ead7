import { createHmac, timingSafeEqual } from 'node:crypto';
import { derivedKey } from '#platform/derived-key';
import { uuidBytes, uuidText } from '../uuid-bytes.js';

/** Says what it is to secret scanners. */
const PREFIX = 'hfs_';
const ID_BYTES = 16;
const MAC_BYTES = 32;

export interface SessionName {
  readonly person: string;
  readonly session: string;
}

/**
 * Session tokens: the ids of the person and of the session under an HMAC, in base64url. A token says which session is meant and that
 * we made it; whether that session is good is for the person's history to say. Nothing about it is stored.
 */
export class SessionTokens {
  private readonly key: Uint8Array;

  /** @param siteKey 32 bytes; the key in use is derived from it (RFC 5869) and good for nothing else */
  constructor(siteKey: Uint8Array) {
    this.key = derivedKey(siteKey, 'session-token/v1');
  }

  seal({ person, session }: SessionName): string {
    const ids = Buffer.concat([uuidBytes(person), uuidBytes(session)]);
    return PREFIX + Buffer.concat([ids, this.mac(ids)]).toString('base64url');
  }

  /** Undefined for whatever we did not make. */
  open(token: string): SessionName | undefined {
    if (!token.startsWith(PREFIX) || token.length > 200) return undefined;
    const bytes = Buffer.from(token.slice(PREFIX.length), 'base64url');
    if (bytes.length !== 2 * ID_BYTES + MAC_BYTES) return undefined;
    const ids = bytes.subarray(0, 2 * ID_BYTES);
    if (!timingSafeEqual(bytes.subarray(2 * ID_BYTES), this.mac(ids))) return undefined;
    return { person: uuidText(ids.subarray(0, ID_BYTES)), session: uuidText(ids.subarray(ID_BYTES)) };
  }

  private mac(ids: Uint8Array): Buffer {
    return createHmac('sha256', this.key).update(ids).digest();
  }
}
