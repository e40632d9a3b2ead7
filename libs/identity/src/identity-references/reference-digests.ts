import { createHmac } from 'node:crypto';
import { derivedKey } from '#platform/derived-key';
import { IdentityError } from '../domain/errors.js';

/** Characters. */
const LONGEST = 100;

/**
 * What the site knows a human by, such as an employee number, as a digest that says whether two are the same. Keyed: such numbers are short, and whoever has
 * the history alone could try them all.
 */
export class ReferenceDigests {
  private readonly key: Uint8Array;

  /** @param siteKey 32 bytes; the key in use is derived from it (RFC 5869) and good for nothing else */
  constructor(siteKey: Uint8Array) {
    this.key = derivedKey(siteKey, 'identity-reference/v1');
  }

  /**
   * However it is typed: blanks, and capital or small letters, are no matter, nor how Unicode composes them.
   * @returns HMAC-SHA-256, hex
   * @throws IdentityError `invalid-identity-reference`
   */
  of(reference: string): string {
    const said = reference.normalize('NFKC').replaceAll(/\s/gu, '').toLowerCase();
    if (said.length === 0 || reference.length > LONGEST || !said.isWellFormed() || /\p{C}/u.test(said))
      throw new IdentityError(
        'invalid-identity-reference',
        `an identity reference has 1 to ${LONGEST} characters that can be printed: such as the employee number, the same for the same human`,
      );
    return createHmac('sha256', this.key).update(said).digest('hex');
  }
}
