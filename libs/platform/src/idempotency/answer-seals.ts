import { createHmac, timingSafeEqual } from 'node:crypto';
import { canonicalBytes, type JsonValue } from '#kernel';
import { derivedKey } from '../derived-key.js';
import { Seal } from '../seal.js';

/** An answer as it is given again. */
export interface KeptAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Absent where the answer had no body. */
  readonly body?: JsonValue;
}

/** Requests hold passwords, and answers hold secrets that are shown once: a request is kept as a keyed digest, and its answer sealed. */
export class AnswerSeals {
  private readonly fingerprintKey: Uint8Array;
  private readonly sealed: Seal;

  /** @param siteKey 32 bytes; the keys in use are derived from it (RFC 5869) and good for nothing else */
  constructor(siteKey: Uint8Array) {
    this.fingerprintKey = derivedKey(siteKey, 'request-fingerprint/v1');
    this.sealed = new Seal(derivedKey(siteKey, 'request-answer/v1'));
  }

  /** The same for the same request, whatever the order of its members. */
  fingerprint(request: JsonValue): Buffer {
    return createHmac('sha256', this.fingerprintKey).update(canonicalBytes(request)).digest();
  }

  isSame(one: Uint8Array, other: Uint8Array): boolean {
    return one.length === other.length && timingSafeEqual(one, other);
  }

  seal(command: string, answer: KeptAnswer): Buffer {
    return this.sealed.seal([command], Buffer.from(JSON.stringify(answer), 'utf8'));
  }

  /** Undefined for whatever was not sealed here for that command. */
  open(command: string, sealed: Uint8Array): KeptAnswer | undefined {
    const bytes = this.sealed.open([command], sealed);
    return bytes && (JSON.parse(bytes.toString('utf8')) as KeptAnswer);
  }
}
