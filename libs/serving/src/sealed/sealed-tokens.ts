import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const SALT_BYTES = 16;
const TAG_BYTES = 16;
/** Fixed: each key is used for one message only. */
const NONCE = Buffer.alloc(12);

/** What kind of token: one of another kind, ring or store does not open. */
export type TokenPurpose = 'download' | 'assertion-stream' | 'media' | 'session' | 'session-alone' | 'nonce';

/** `refused`: nothing that we sealed for this purpose and audience. */
export type Opened<Content> = Content | 'refused' | 'expired';

/**
 * Makes and reads tokens that say something to us and nothing to whoever holds them. Sealed with AES-256-GCM rather than only signed, since
 * they hold upstream's URLs and sessions: upstream's tokens stay on our side. Each token has a key of its own (HKDF, random salt), so no nonce
 * can ever repeat; purpose and audience are authenticated without being sent, which is what binds a token to them.
 */
export class SealedTokens<Content extends object> {
  /** @param key the proxy's secret, at least 32 bytes @param lifetimeMs from when a token is sealed */
  constructor(
    private readonly key: Uint8Array,
    private readonly purpose: TokenPurpose,
    private readonly lifetimeMs: number,
  ) {}

  /** @param now milliseconds since the epoch */
  seal(content: Content, audience: readonly string[], now: number): string {
    const salt = randomBytes(SALT_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.keyFor(salt), NONCE);
    cipher.setAAD(this.authenticated(audience));
    const payload = JSON.stringify({ content, until: now + this.lifetimeMs });
    const sealed = Buffer.concat([cipher.update(payload, 'utf8'), cipher.final()]);
    return Buffer.concat([salt, sealed, cipher.getAuthTag()]).toString('base64url');
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
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.keyFor(salt), NONCE, {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(this.authenticated(audience));
      decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
      const payload = Buffer.concat([
        decipher.update(bytes.subarray(SALT_BYTES, bytes.length - TAG_BYTES)),
        decipher.final(),
      ]);
      // What opens was sealed by us, for this purpose: its form is known.
      return JSON.parse(payload.toString('utf8')) as { content: Content; until: number };
    } catch {
      return undefined;
    }
  }

  private keyFor(salt: Uint8Array): Uint8Array {
    return new Uint8Array(hkdfSync('sha256', this.key, salt, `holdfast ${this.purpose} v1`, 32));
  }

  private authenticated(audience: readonly string[]): Buffer {
    return Buffer.from(JSON.stringify([this.purpose, ...audience]));
  }
}
