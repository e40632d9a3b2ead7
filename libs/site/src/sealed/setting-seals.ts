import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { KeyedDigest, SecretKey } from '../domain/settings/secret-settings.js';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * How the values of secret settings are named in the history and sealed beside it, each under a key of its own that is derived from the site's
 * (RFC 5869). Sealing is AES-256-GCM with random nonces: of a person's changes there are far fewer than such a key bears (NIST SP 800-38D, 8.3).
 */
export class SettingSeals {
  private readonly digestKey: Uint8Array;
  private readonly sealKey: Uint8Array;

  /** @param siteKey 32 bytes */
  constructor(siteKey: Uint8Array) {
    this.digestKey = new Uint8Array(hkdfSync('sha256', siteKey, '', 'setting-digest/v1', 32));
    this.sealKey = new Uint8Array(hkdfSync('sha256', siteKey, '', 'setting-seal/v1', 32));
  }

  /** The same for the same value, and never for those of two settings. */
  digestOf(key: SecretKey, value: string): KeyedDigest {
    const hmac = createHmac('sha256', this.digestKey).update(JSON.stringify([key, value]));
    return { hmacSha256: hmac.digest('hex') };
  }

  /** @param digest of the value: what is sealed opens for that digest and that setting alone */
  seal(key: SecretKey, digest: KeyedDigest, value: string): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.sealKey, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(boundTo(key, digest));
    const sealed = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, sealed, cipher.getAuthTag()]);
  }

  /** Undefined for whatever was not sealed here for that setting and that digest. */
  open(key: SecretKey, digest: KeyedDigest, sealed: Uint8Array): string | undefined {
    const nonce = sealed.subarray(0, NONCE_BYTES);
    try {
      const decipher = createDecipheriv(CIPHER, this.sealKey, nonce, { authTagLength: TAG_BYTES });
      decipher.setAAD(boundTo(key, digest));
      decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
      const content = sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES);
      return Buffer.concat([decipher.update(content), decipher.final()]).toString('utf8');
    } catch {
      return undefined;
    }
  }
}

function boundTo(key: SecretKey, { hmacSha256 }: KeyedDigest): Buffer {
  return Buffer.from(JSON.stringify([key, hmacSha256]));
}
