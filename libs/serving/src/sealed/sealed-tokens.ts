import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto';

const SALT_BYTES = 16;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Messages under one derived key: far below what AES-GCM bears (NIST SP 800-38D, 8.3). */
const MOST_OF_ONE_KEY = 2 ** 20;
/** Derived keys that are kept for opening: those of our own last batches, and of other proxies'. */
const REMEMBERED_KEYS = 256;

interface Batch {
  readonly salt: Buffer;
  readonly key: KeyObject;
  used: number;
}

/** What kind of token: one of another kind, ring or store does not open. */
export type TokenPurpose = 'download' | 'assertion-stream' | 'media' | 'session' | 'session-alone' | 'nonce';

/** `refused`: nothing that we sealed for this purpose and audience. */
export type Opened<Content> = Content | 'refused' | 'expired';

/**
 * Makes and reads tokens that say something to us and nothing to whoever holds them. Sealed with AES-256-GCM rather than only signed, since
 * they hold upstream's URLs and sessions: upstream's tokens stay on our side. Keys are derived for a batch of tokens each (HKDF, random salt), and
 * a batch counts its nonces, so none can repeat; purpose and audience are authenticated without being sent, which is what binds a token to them.
 */
export class SealedTokens<Content extends object> {
  private batch: Batch | undefined;
  private readonly keys = new Map<string, KeyObject>();

  /** @param key the proxy's secret, at least 32 bytes @param lifetimeMs from when a token is sealed */
  constructor(
    private readonly key: Uint8Array,
    private readonly purpose: TokenPurpose,
    private readonly lifetimeMs: number,
  ) {}

  /** @param now milliseconds since the epoch */
  seal(content: Content, audience: readonly string[], now: number): string {
    const { salt, key, nonce } = this.next();
    const cipher = createCipheriv('aes-256-gcm', key, nonce);
    cipher.setAAD(this.authenticated(audience));
    const payload = JSON.stringify({ content, until: now + this.lifetimeMs });
    const sealed = Buffer.concat([cipher.update(payload, 'utf8'), cipher.final()]);
    return Buffer.concat([salt, nonce, sealed, cipher.getAuthTag()]).toString('base64url');
  }

  open(token: string, audience: readonly string[], now: number): Opened<Content> {
    const opened = this.unseal(token, audience);
    if (!opened) return 'refused';
    // Further away than any token of ours was ever meant to last: made while the clock was ahead.
    const { content, until } = opened;
    return now >= until || until - now > 2 * this.lifetimeMs ? 'expired' : content;
  }

  /** A token is the sender's to choose: whatever fails here is one refusal that tells nothing of why. */
  private unseal(
    token: string,
    audience: readonly string[],
  ): { readonly content: Content; readonly until: number } | undefined {
    const bytes = Buffer.from(token, 'base64url');
    const salt = bytes.subarray(0, SALT_BYTES);
    const nonce = bytes.subarray(SALT_BYTES, SALT_BYTES + NONCE_BYTES);
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.knownKey(salt), nonce, {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(this.authenticated(audience));
      decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
      const payload = Buffer.concat([
        decipher.update(bytes.subarray(SALT_BYTES + NONCE_BYTES, bytes.length - TAG_BYTES)),
        decipher.final(),
      ]);
      // What opens was sealed by us, for this purpose: its form is known.
      return JSON.parse(payload.toString('utf8')) as { content: Content; until: number };
    } catch {
      return undefined;
    }
  }

  private next(): { readonly salt: Buffer; readonly key: KeyObject; readonly nonce: Buffer } {
    if (!this.batch || this.batch.used >= MOST_OF_ONE_KEY) {
      const salt = randomBytes(SALT_BYTES);
      this.batch = { salt, key: this.keyFor(salt), used: 0 };
    }
    const { salt, key } = this.batch;
    const nonce = Buffer.alloc(NONCE_BYTES);
    nonce.writeUInt32BE(this.batch.used++, NONCE_BYTES - 4);
    return { salt, key, nonce };
  }

  /** What strangers send costs one derivation each; it may push out others' keys, which then cost one again. */
  private knownKey(salt: Buffer): KeyObject {
    if (this.batch?.salt.equals(salt)) return this.batch.key;
    const name = salt.toString('latin1');
    const known = this.keys.get(name);
    if (known) return known;
    const key = this.keyFor(salt);
    if (this.keys.size >= REMEMBERED_KEYS) this.keys.clear();
    this.keys.set(name, key);
    return key;
  }

  /** An object, since Node makes one of raw bytes for each cipher: that takes ten times as long as the cipher. */
  private keyFor(salt: Uint8Array): KeyObject {
    const raw = hkdfSync('sha256', this.key, salt, `holdfast ${this.purpose} v1`, 32);
    return createSecretKey(new Uint8Array(raw));
  }

  private authenticated(audience: readonly string[]): Buffer {
    return Buffer.from(JSON.stringify([this.purpose, ...audience]));
  }
}
