import { AddressTokens } from './address-tokens.js';

/** What a download URL of ours stands for. */
export interface DownloadGrant {
  /** Whose devices it was made for; undefined for the proxy's own. */
  readonly ring?: string | undefined;
  /** `kept`: an approved artefact, from the kept store. `relayed`: upstream's, through the cache. `delta`: the same, towards what is held. */
  readonly from: 'kept' | 'relayed' | 'delta';
  /** Whose it is; undefined where upstream did not say, and in what an earlier release sealed. */
  readonly snapId?: string | undefined;
  /** Hex: what the bytes must be. */
  readonly sha3_384: string;
  /** Bytes. */
  readonly size: number;
  /** The last part of the address, such as `lab-hello_7.snap`: which revision it is; undefined in what an earlier release sealed. */
  readonly file?: string | undefined;
  /** SHA-256, hex, when `kept`. */
  readonly sha256?: string;
  /** Where upstream has it, when not `kept`. It may hold upstream's own tokens, so that it must not be readable in ours. */
  readonly upstream?: string;
}

/** Long enough for a download that a slow line resumes for hours, short enough that a leaked URL is of little use. */
export const DOWNLOAD_LIFETIME_MS = 24 * 60 * 60 * 1000;

/** The tokens in our download URLs. @param key the proxy's secret, at least 32 bytes */
export function downloadTokens(key: Uint8Array, ring: string): AddressTokens<DownloadGrant> {
  return new AddressTokens(key, ring, {
    purpose: 'download',
    lifetimeMs: DOWNLOAD_LIFETIME_MS,
    what: 'download address',
    // Unambiguous: only the last part, which is upstream's to choose, could hold a line's end.
    nameOf: ({ ring: of = '', from, snapId = '', file = '', sha3_384, size, upstream = '' }) =>
      `${of}\n${from}\n${snapId}\n${file}\n${sha3_384}\n${size}\n${upstream}`,
  });
}
