import { derivedKey } from '#platform/derived-key';
import { Seal } from '#platform/seal';

/** Says in the verifier's column what it is: no Argon2id. */
const PREFIX = 'totp-v1:';

/**
 * How TOTP secrets stand in `identity.credential`: unlike a password's verifier a secret is needed in clear for each code, so that it is sealed,
 * under a key that derives from the site's (RFC 5869) and for one credential of one person. Database or site key alone opens none.
 */
export class TotpSeals {
  private readonly sealed: Seal;

  /** @param siteKey 32 bytes */
  constructor(siteKey: Uint8Array) {
    this.sealed = new Seal(derivedKey(siteKey, 'totp-seal/v1'));
  }

  seal(person: string, credential: string, secret: Uint8Array): string {
    return PREFIX + this.sealed.seal([person, credential], secret).toString('base64url');
  }

  /** Undefined for whatever was not sealed here for that credential of that person. */
  open(person: string, credential: string, verifier: string): Buffer | undefined {
    if (!verifier.startsWith(PREFIX)) return undefined;
    return this.sealed.open([person, credential], Buffer.from(verifier.slice(PREFIX.length), 'base64url'));
  }
}
