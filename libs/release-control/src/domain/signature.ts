/**
 * A person's electronic signature as it stands in the record (R17 to R19): who in print, when, what it means, and the digest of the
 * exact record. It is made only by asking for the password again at that moment; a session or a token cannot make one.
 */
export interface ElectronicSignature {
  readonly meaning: 'approved' | 'rejected';
  readonly signer: string;
  readonly printedName: string;
  /** The server's clock, RFC 3339 UTC. */
  readonly signedAt: string;
  /** What the signer proved themself with, at that moment. */
  readonly components: readonly 'password'[];
  /** Id of the credential that was verified. */
  readonly credential: string;
  /** SHA-256, hex, of the record's canonical bytes. */
  readonly recordDigest: string;
}

/** What a signature was made under (R26). */
export interface SignedUnder {
  /** The version of the ring's approval policy that was in force. */
  readonly policyVersion: number;
  /** The signer's roles at that moment. */
  readonly roles: readonly string[];
}

/** A signature as it stands in a request. Older ones do not say what they were made under. */
export interface RecordedSignature extends ElectronicSignature, Partial<SignedUnder> {}
