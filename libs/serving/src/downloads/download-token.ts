import { ServingError } from '../errors.js';
import { SealedTokens } from '../sealed/sealed-tokens.js';

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

/** Long enough for a download that a slow line resumes for hours, short enough that a leaked URL is of little use. */
export const DOWNLOAD_LIFETIME_MS = 24 * 60 * 60 * 1000;

/** Tokens are made anew so often: within it, all devices of one store get the same one. */
const RENEWED_EVERY_MS = 60 * 60 * 1000;
/** A bound, since the store is the device's to name. */
const REMEMBERED_TOKENS = 4096;

/** Makes and reads the tokens in our download URLs; each is good for one ring, and for the brand store that the device named. */
export class DownloadTokens {
  private readonly sealed: SealedTokens<DownloadGrant>;
  private readonly remembered = new Map<string, string>();
  private hour = 0;

  /** @param key the proxy's secret, at least 32 bytes */
  constructor(
    key: Uint8Array,
    private readonly ring: string,
  ) {
    this.sealed = new SealedTokens(key, 'download', DOWNLOAD_LIFETIME_MS);
  }

  /**
   * Sealed once an hour for each address and store, and good for up to an hour less than its lifetime: a fleet that looks for refreshes asks for
   * the same artefacts again and again, and is told the same addresses. A relayed one's token names what upstream told: with other tokens of
   * upstream's in it, it is another one.
   * @param store the brand store that the device named, empty for none
   * @param now milliseconds since the epoch
   */
  seal(grant: DownloadGrant, store: string, now: number): string {
    const hour = Math.floor(now / RENEWED_EVERY_MS);
    if (hour !== this.hour || this.remembered.size >= REMEMBERED_TOKENS) this.remembered.clear();
    this.hour = hour;
    // Unambiguous: only the last part, which is upstream's to choose, could hold a line's end.
    const key = `${store}\n${grant.from}\n${grant.sha3_384}\n${grant.size}\n${grant.upstream ?? ''}`;
    const known = this.remembered.get(key);
    if (known !== undefined) return known;
    const token = this.sealed.seal(grant, [this.ring, store], now);
    this.remembered.set(key, token);
    return token;
  }

  /** @throws ServingError `download-refused`, `download-expired` */
  open(token: string, store: string, now: number): DownloadGrant {
    const grant = this.sealed.open(token, [this.ring, store], now);
    if (grant === 'expired')
      throw new ServingError('download-expired', 'this download address has expired; ask for the snap again');
    if (grant === 'refused')
      throw new ServingError(
        'download-refused',
        'this download address is not one of ours, or was given out to another ring or store',
      );
    return grant;
  }
}
