import { createHmac } from 'node:crypto';
import { derivedKey } from '../derived-key.js';
import { Seal } from '../seal.js';

/** What the history has in place of a secret: HMAC-SHA-256, in hex. Nobody who reads the history can try guesses against it. */
export interface KeyedDigest {
  readonly hmacSha256: string;
}

/** What the secrets are of. The words are part of the derivation, and never change. */
export type Sealed = 'setting' | 'sink';

/** How secrets are named in the history and sealed beside it, each under a key of its own that is derived (RFC 5869). */
export class KeyedSeals {
  private readonly digestKey: Uint8Array;
  private readonly sealed: Seal;

  /** @param key 32 bytes */
  constructor(key: Uint8Array, of: Sealed) {
    this.digestKey = derivedKey(key, `${of}-digest/v1`);
    this.sealed = new Seal(derivedKey(key, `${of}-seal/v1`));
  }

  /** The same for the same value, and never for those of two names. */
  digestOf(name: string, value: string): KeyedDigest {
    const hmac = createHmac('sha256', this.digestKey).update(JSON.stringify([name, value]));
    return { hmacSha256: hmac.digest('hex') };
  }

  /** @param digest of the value: what is sealed opens for that digest and that name alone */
  seal(name: string, digest: KeyedDigest, value: string): Buffer {
    return this.sealed.seal([name, digest.hmacSha256], Buffer.from(value, 'utf8'));
  }

  /** Undefined for whatever was not sealed here for that name and that digest. */
  open(name: string, digest: KeyedDigest, sealed: Uint8Array): string | undefined {
    return this.sealed.open([name, digest.hmacSha256], sealed)?.toString('utf8');
  }
}
