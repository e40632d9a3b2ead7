import { createHmac } from 'node:crypto';
import { derivedKey } from '#platform/derived-key';

/**
 * The part of a new enrolment secret that goes to who asked for a reset; who confirms it is given the other one. Neither can enrol in the person's
 * place (R23). It follows from the request, so that it is kept nowhere.
 */
export class ResetParts {
  private readonly key: Uint8Array;

  /** @param siteKey 32 bytes; the key in use is derived from it (RFC 5869) and good for nothing else */
  constructor(siteKey: Uint8Array) {
    this.key = derivedKey(siteKey, 'reset-part/v1');
  }

  /** 144 bits, and the dot that comes before the other part. */
  of(person: string, request: string): string {
    const mac = createHmac('sha256', this.key)
      .update(JSON.stringify([person, request]))
      .digest();
    return `hfr_${mac.subarray(0, 18).toString('base64url')}.`;
  }
}
