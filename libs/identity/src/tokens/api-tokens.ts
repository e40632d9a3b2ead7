import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { sha256Hex } from '#kernel';
import { derivedKey } from '#platform/derived-key';
import { uuidBytes, uuidText } from '../uuid-bytes.js';

/** Says what it is to secret scanners. */
export const API_TOKEN_PREFIX = 'hft_';
const ID_BYTES = 16;
const SECRET_BYTES = 32;
const MAC_BYTES = 16;

export interface ReadToken {
  readonly id: string;
  /** SHA-256, hex, of the secret in it. */
  readonly secretDigest: string;
}

/**
 * The text of a token: its id and 32 random bytes, under an HMAC that says that we made it, in base64url. Whether the token is good is for its
 * history to say, which holds the digest of the random bytes; the HMAC keeps guesses from ever asking the history.
 */
export class ApiTokens {
  private readonly key: Uint8Array;

  /** @param siteKey 32 bytes; the key in use is derived from it (RFC 5869) and good for nothing else */
  constructor(siteKey: Uint8Array) {
    this.key = derivedKey(siteKey, 'api-token/v1');
  }

  /** A new secret for the token with this id, shown once and kept nowhere. */
  make(id: string): { readonly text: string; readonly secretDigest: string } {
    const secret = randomBytes(SECRET_BYTES);
    const named = Buffer.concat([uuidBytes(id), secret]);
    const text = API_TOKEN_PREFIX + Buffer.concat([named, this.mac(named)]).toString('base64url');
    return { text, secretDigest: sha256Hex(secret) };
  }

  /** Undefined for whatever we did not make. */
  read(text: string): ReadToken | undefined {
    if (!text.startsWith(API_TOKEN_PREFIX) || text.length > 200) return undefined;
    const bytes = Buffer.from(text.slice(API_TOKEN_PREFIX.length), 'base64url');
    if (bytes.length !== ID_BYTES + SECRET_BYTES + MAC_BYTES) return undefined;
    const named = bytes.subarray(0, ID_BYTES + SECRET_BYTES);
    if (!timingSafeEqual(bytes.subarray(ID_BYTES + SECRET_BYTES), this.mac(named))) return undefined;
    return { id: uuidText(named.subarray(0, ID_BYTES)), secretDigest: sha256Hex(named.subarray(ID_BYTES)) };
  }

  private mac(named: Uint8Array): Buffer {
    return createHmac('sha256', this.key).update(named).digest().subarray(0, MAC_BYTES);
  }
}
