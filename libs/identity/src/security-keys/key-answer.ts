import type { Statement } from './statement.js';

/** What a browser hands over of a key's answer to a challenge (W3C WebAuthn, 5.2.2); all of it base64url. */
export interface Assertion {
  readonly credentialId: string;
  readonly clientDataJSON: string;
  readonly authenticatorData: string;
  readonly signature: string;
}

/** All that it takes to check a key's answer years later, without us. */
export interface KeyEvidence extends Assertion {
  /** The challenge is the SHA-256 of its canonical JSON. */
  readonly statement: Statement;
  /** SubjectPublicKeyInfo, DER, base64. */
  readonly publicKey: string;
  /** COSE's number. */
  readonly algorithm: number;
  readonly origin: string;
  readonly rpId: string;
}
