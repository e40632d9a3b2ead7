import { ServingError } from '../errors.js';
import { SealedTokens, type TokenPurpose } from './sealed-tokens.js';

/** Tokens are made anew so often: within it, whoever is told of the same thing is told the same address. */
const RENEWED_EVERY_MS = 60 * 60 * 1000;
/** A bound, since the store is the device's to name, and addresses are upstream's. */
const REMEMBERED_TOKENS = 4096;

export interface AddressKind<Grant> {
  readonly purpose: TokenPurpose;
  /** From when a token is sealed. */
  readonly lifetimeMs: number;
  /** As an error names it: `download address`. */
  readonly what: string;
  /** What tells two grants apart. */
  readonly nameOf: (grant: Grant) => string;
}

/**
 * Makes and reads the tokens in our addresses; each is good for one ring, and for the brand store that the device named.
 *
 * Sealed once an hour for each grant and store, and good for up to an hour less than its lifetime: a fleet that looks for refreshes asks for the
 * same things again and again, and is told the same addresses. What names upstream's address with other tokens of upstream's in it is
 * another grant.
 */
export class AddressTokens<Grant extends object> {
  private readonly sealed: SealedTokens<Grant>;
  private readonly remembered = new Map<string, string>();
  private hour = 0;

  /** @param key the proxy's secret, at least 32 bytes */
  constructor(
    key: Uint8Array,
    private readonly ring: string,
    private readonly kind: AddressKind<Grant>,
  ) {
    this.sealed = new SealedTokens(key, kind.purpose, kind.lifetimeMs);
  }

  /**
   * @param store the brand store that the device named, empty for none
   * @param now milliseconds since the epoch
   */
  seal(grant: Grant, store: string, now: number): string {
    const hour = Math.floor(now / RENEWED_EVERY_MS);
    if (hour !== this.hour || this.remembered.size >= REMEMBERED_TOKENS) this.remembered.clear();
    this.hour = hour;
    // A header holds no line's end, so that the two cannot be mixed up.
    const name = `${store}\n${this.kind.nameOf(grant)}`;
    const known = this.remembered.get(name);
    if (known !== undefined) return known;
    const token = this.sealed.seal(grant, [this.ring, store], now);
    this.remembered.set(name, token);
    return token;
  }

  /** @throws ServingError `download-refused`, `download-expired` */
  open(token: string, store: string, now: number): Grant {
    const grant = this.sealed.open(token, [this.ring, store], now);
    const { what } = this.kind;
    if (grant === 'expired')
      throw new ServingError('download-expired', `this ${what} has expired; ask for the snap again`);
    if (grant === 'refused')
      throw new ServingError(
        'download-refused',
        `this ${what} is not one of ours, or was given out to another ring or store`,
      );
    return grant;
  }
}
