import { createHmac, hkdfSync } from 'node:crypto';
import { Seal } from '#platform/seal';
import type { KeyedDigest, SecretKey } from '../domain/settings/secret-settings.js';

/**
 * How the values of secret settings are named in the history and sealed beside it, each under a key of its own that is derived from the site's
 * (RFC 5869).
 */
export class SettingSeals {
  private readonly digestKey: Uint8Array;
  private readonly sealed: Seal;

  /** @param siteKey 32 bytes */
  constructor(siteKey: Uint8Array) {
    this.digestKey = new Uint8Array(hkdfSync('sha256', siteKey, '', 'setting-digest/v1', 32));
    this.sealed = new Seal(new Uint8Array(hkdfSync('sha256', siteKey, '', 'setting-seal/v1', 32)));
  }

  /** The same for the same value, and never for those of two settings. */
  digestOf(key: SecretKey, value: string): KeyedDigest {
    const hmac = createHmac('sha256', this.digestKey).update(JSON.stringify([key, value]));
    return { hmacSha256: hmac.digest('hex') };
  }

  /** @param digest of the value: what is sealed opens for that digest and that setting alone */
  seal(key: SecretKey, digest: KeyedDigest, value: string): Buffer {
    return this.sealed.seal([key, digest.hmacSha256], Buffer.from(value, 'utf8'));
  }

  /** Undefined for whatever was not sealed here for that setting and that digest. */
  open(key: SecretKey, digest: KeyedDigest, sealed: Uint8Array): string | undefined {
    return this.sealed.open([key, digest.hmacSha256], sealed)?.toString('utf8');
  }
}
