import { ServingError } from '../errors.js';
import { SealedTokens } from '../sealed/sealed-tokens.js';
import type { MaxFormats } from './fetch-plan.js';

/** Where upstream has a stream of assertions, for whom it told. It may hold upstream's own tokens. */
export interface StreamGrant {
  readonly upstream: string;
  readonly formats: MaxFormats;
}

/** A device asks at once; a slow one, or one that repeats, within the hour. */
const LIFETIME_MS = 60 * 60 * 1000;

/** The tokens in our addresses of upstream's assertion streams; each is good for one ring and one brand store. */
export class StreamTokens {
  private readonly sealed: SealedTokens<StreamGrant>;

  /** @param key the proxy's secret, at least 32 bytes */
  constructor(
    key: Uint8Array,
    private readonly ring: string,
  ) {
    this.sealed = new SealedTokens(key, 'assertion-stream', LIFETIME_MS);
  }

  /** @param now milliseconds since the epoch */
  seal(grant: StreamGrant, store: string, now: number): string {
    return this.sealed.seal(grant, [this.ring, store], now);
  }

  /** @throws ServingError `download-refused`, `download-expired` */
  open(token: string, store: string, now: number): StreamGrant {
    const grant = this.sealed.open(token, [this.ring, store], now);
    if (grant === 'expired')
      throw new ServingError('download-expired', 'this address of assertions has expired; ask again');
    if (grant === 'refused')
      throw new ServingError('download-refused', 'this address of assertions is not one of ours');
    return grant;
  }
}
