import type { MaxFormats } from '../assertions/fetch-plan.js';
import { AddressTokens } from './address-tokens.js';

/** Where upstream has a stream of assertions, for whom it told. It may hold upstream's own tokens. */
export interface StreamGrant {
  /** Whose devices it was made for; undefined for the proxy's own. */
  readonly ring?: string | undefined;
  readonly upstream: string;
  readonly formats: MaxFormats;
}

/** The tokens in our addresses of upstream's assertion streams. @param key the proxy's secret, at least 32 bytes */
export function streamTokens(key: Uint8Array, ring: string): AddressTokens<StreamGrant> {
  return new AddressTokens(key, ring, {
    purpose: 'assertion-stream',
    // A device asks at once; a slow one, or one that repeats, within two hours.
    lifetimeMs: 2 * 60 * 60 * 1000,
    what: 'address of assertions',
    nameOf: ({ ring: of = '', upstream, formats }) => `${of}\n${JSON.stringify(formats)}\n${upstream}`,
  });
}
