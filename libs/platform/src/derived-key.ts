import { hkdfSync } from 'node:crypto';

/**
 * A key of 32 bytes that is good for one purpose and tells nothing of the key it derives from: HKDF-SHA-256 without a salt (RFC 5869).
 * @param purpose such as `session-token/v1`: another one, another key; it never changes, or what was made with the key opens no more
 */
export function derivedKey(key: Uint8Array, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', key, '', purpose, 32));
}
