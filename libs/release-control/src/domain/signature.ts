/**
 * A person's electronic signature as it stands in the record (R17 to R19): who in print, when, what it means, and the digest of the
 * exact record. It is made only by asking for the signer's components again at that moment (R22); a session or a token cannot make one.
 */
export interface ElectronicSignature {
  readonly meaning: 'approved' | 'rejected';
  readonly signer: string;
  readonly printedName: string;
  /** The server's clock, RFC 3339 UTC. */
  readonly signedAt: string;
  /** What the signer proved themself with, at that moment. */
  readonly components: readonly ('password' | 'totp')[];
  /** Id of the password's credential that was verified. */
  readonly credential: string;
  /** Id of the second component's, where a code was given. */
  readonly secondCredential?: string;
  /** How often the signer had been reset by then; absent for never. Once they are reset again, those credentials are void and the signature does not count. */
  readonly resets?: number;
  /** SHA-256, hex, of the record's canonical bytes. */
  readonly recordDigest: string;
}

/** What who signed is at this moment. */
export interface SignerNow {
  /** None for who is disabled, or has no password yet. */
  readonly roles: readonly string[];
  /** How often they were reset. */
  readonly resets: number;
}

/** What a signature was made under (R26). */
export interface SignedUnder {
  /** The version of the ring's approval policy that was in force. */
  readonly policyVersion: number;
  /** Those of the signer's roles at that moment that sign. */
  readonly roles: readonly string[];
}

/** A signature as it stands in a request. Older ones do not say what they were made under. */
export interface RecordedSignature extends ElectronicSignature, Partial<SignedUnder> {}
