import { AddressTokens } from './address-tokens.js';

export interface MediaGrant {
  /** Whose devices it was made for; undefined for the proxy's own. */
  readonly ring?: string | undefined;
  readonly upstream: string;
  /** Whose it is, where upstream said so. */
  readonly snapId?: string | undefined;
}

/** Whoever fetches a picture says nothing of itself (a plain GET): these tokens are good for any store. */
export const ANY_STORE = '';

/** The tokens in our addresses of upstream's pictures. @param key the proxy's secret, at least 32 bytes */
export function mediaTokens(key: Uint8Array, ring: string): AddressTokens<MediaGrant> {
  return new AddressTokens(key, ring, {
    purpose: 'media',
    // Desktop programs keep what a search found on the screen for a while.
    lifetimeMs: 24 * 60 * 60 * 1000,
    what: 'address of a picture',
    nameOf: ({ ring: of = '', upstream, snapId = '' }) => `${of}\n${snapId}\n${upstream}`,
  });
}
