import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { ServingError } from '../errors.js';

/** What a download URL of ours stands for. */
export interface DownloadGrant {
  /** `kept`: an approved artefact, from the kept store. `relayed`: upstream's, through the cache. */
  readonly from: 'kept' | 'relayed';
  /** Hex: what the bytes must be. */
  readonly sha3_384: string;
  /** Bytes. */
  readonly size: number;
  /** SHA-256, hex, when `kept`. */
  readonly sha256?: string;
  /** Where upstream has it, when `relayed`. It may hold upstream's own tokens, so that it must not be readable in ours. */
  readonly upstream?: string;
}

export interface DownloadAudience {
  readonly ring: string;
  /** The brand store that the device named, empty for none. */
  readonly store: string;
}

/** Long enough for a download that a slow line resumes for hours, short enough that a leaked URL is of little use. */
export const DOWNLOAD_LIFETIME_MS = 24 * 60 * 60 * 1000;

/** Tokens of kept artefacts are made anew so often: within it, all devices of one store get the same one. */
const RENEWED_EVERY_MS = 60 * 60 * 1000;
/** A bound, since the store is the device's to name. */
const REMEMBERED_TOKENS = 4096;

const SALT_BYTES = 16;
const TAG_BYTES = 16;

/**
 * Makes and reads the tokens in our download URLs. Sealed with AES-256-GCM rather than only signed, since the payload names upstream's URL:
 * upstream's tokens stay on our side. Each token has a key of its own (HKDF, random salt), so no nonce can ever repeat; ring and store
 * are authenticated without being sent, which is what binds a token to them.
 */
export class DownloadTokens {
  private readonly remembered = new Map<string, string>();
  private hour = 0;

  constructor(
    /** The proxy's secret, at least 32 bytes. */
    private readonly key: Uint8Array,
    private readonly ring: string,
  ) {}

  /**
   * A kept artefact's token says nothing of who asked, so it is sealed once an hour for each store, and lives up to an hour less: a fleet
   * that looks for refreshes asks for the same ones again and again.
   * @param now milliseconds since the epoch
   */
  seal(grant: DownloadGrant, store: string, now: number): string {
    return grant.from === 'kept' ? this.sealOnce(grant, store, now) : this.sealNow(grant, store, now);
  }

  private sealOnce(grant: DownloadGrant, store: string, now: number): string {
    const hour = Math.floor(now / RENEWED_EVERY_MS);
    if (hour !== this.hour || this.remembered.size >= REMEMBERED_TOKENS) this.remembered.clear();
    this.hour = hour;
    const key = `${grant.sha3_384} ${store}`;
    const known = this.remembered.get(key);
    if (known !== undefined) return known;
    const token = this.sealNow(grant, store, now);
    this.remembered.set(key, token);
    return token;
  }

  private sealNow(grant: DownloadGrant, store: string, now: number): string {
    const salt = randomBytes(SALT_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.keyFor(salt), NONCE);
    cipher.setAAD(this.audience(store));
    const payload = JSON.stringify({ ...grant, until: now + DOWNLOAD_LIFETIME_MS });
    const sealed = Buffer.concat([cipher.update(payload, 'utf8'), cipher.final()]);
    return Buffer.concat([salt, sealed, cipher.getAuthTag()]).toString('base64url');
  }

  /** @throws ServingError `download-refused`, `download-expired` */
  open(token: string, store: string, now: number): DownloadGrant {
    const { until, ...grant } = this.unseal(token, store);
    // Further away than any token of ours was ever meant to last: made while the clock was ahead.
    if (now >= until || until - now > 2 * DOWNLOAD_LIFETIME_MS)
      throw new ServingError('download-expired', 'this download address has expired; ask for the snap again');
    return grant;
  }

  private unseal(token: string, store: string): DownloadGrant & { readonly until: number } {
    const bytes = Buffer.from(token, 'base64url');
    // A token is attacker-controlled: whatever fails here is one refusal that tells nothing of why.
    try {
      const salt = bytes.subarray(0, SALT_BYTES);
      const decipher = createDecipheriv('aes-256-gcm', this.keyFor(salt), NONCE, {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(this.audience(store));
      decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
      const payload = Buffer.concat([
        decipher.update(bytes.subarray(SALT_BYTES, bytes.length - TAG_BYTES)),
        decipher.final(),
      ]);
      return JSON.parse(payload.toString('utf8')) as DownloadGrant & { readonly until: number };
    } catch {
      throw new ServingError(
        'download-refused',
        'this download address is not one of ours, or was given out to another ring or store',
      );
    }
  }

  private keyFor(salt: Uint8Array): Uint8Array {
    return new Uint8Array(hkdfSync('sha256', this.key, salt, 'holdfast download-url v1', 32));
  }

  private audience(store: string): Buffer {
    return Buffer.from(JSON.stringify(['holdfast download v1', this.ring, store]));
  }
}

/** Fixed: the key is used for one message only. */
const NONCE = Buffer.alloc(12);
