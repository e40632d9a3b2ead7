import { ServingError } from '../errors.js';
import { SealedTokens } from '../sealed/sealed-tokens.js';

/** Desktop programs keep what a search found on the screen for a while. */
const LIFETIME_MS = 24 * 60 * 60 * 1000;
/** All devices get one address for a picture within it, so that what they keep stays good. */
const RENEWED_EVERY_MS = 60 * 60 * 1000;
const REMEMBERED = 4096;

/**
 * The tokens in our addresses of upstream's pictures; each is good for one ring. Not for one store: whoever fetches a picture says nothing of
 * itself (a plain GET).
 */
export class MediaTokens {
  private readonly sealed: SealedTokens<{ readonly upstream: string }>;
  private readonly remembered = new Map<string, string>();
  private hour = 0;

  /** @param key the proxy's secret, at least 32 bytes */
  constructor(
    key: Uint8Array,
    private readonly ring: string,
  ) {
    this.sealed = new SealedTokens(key, 'media', LIFETIME_MS);
  }

  /** @param now milliseconds since the epoch */
  seal(upstream: string, now: number): string {
    const hour = Math.floor(now / RENEWED_EVERY_MS);
    if (hour !== this.hour || this.remembered.size >= REMEMBERED) this.remembered.clear();
    this.hour = hour;
    const known = this.remembered.get(upstream);
    if (known !== undefined) return known;
    const token = this.sealed.seal({ upstream }, [this.ring], now);
    this.remembered.set(upstream, token);
    return token;
  }

  /** @returns upstream's address @throws ServingError `download-refused`, `download-expired` */
  open(token: string, now: number): string {
    const grant = this.sealed.open(token, [this.ring], now);
    if (grant === 'expired')
      throw new ServingError(
        'download-expired',
        'this address of a picture has expired; ask for the snap again',
      );
    if (grant === 'refused')
      throw new ServingError('download-refused', 'this address of a picture is not one of ours');
    return grant.upstream;
  }
}
