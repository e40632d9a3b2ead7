/**
 * What a signature says of the record that it is bound to (R17). `released`: it takes effect under a pre-authorisation, before anybody approved it;
 * `ratified` and `ratification-refused` are of that release.
 */
export const SIGNATURE_MEANINGS = [
  'approved',
  'rejected',
  'released',
  'ratified',
  'ratification-refused',
] as const;
export type SignatureMeaning = (typeof SIGNATURE_MEANINGS)[number];

/**
 * A person's electronic signature as it stands in the record (R17 to R19): who in print, when, what it means, and the digest of the
 * exact record. It is made only by asking for the signer's components again at that moment (R22); a session or a token cannot make one.
 */
export interface ElectronicSignature {
  readonly meaning: SignatureMeaning;
  readonly signer: string;
  readonly printedName: string;
  /** The server's clock, RFC 3339 UTC. */
  readonly signedAt: string;
  /** What the signer proved themself with, at that moment. */
  readonly components: readonly ('password' | 'totp' | 'security-key')[];
  /** Id of the credential that was verified: the password's, or the security key's where it stood in for that. */
  readonly credential: string;
  /** Id of the second component's, where one was given beside the password. */
  readonly secondCredential?: string;
  /** How often the signer had been reset by then; absent for never. Once they are reset again, those credentials are void and the signature does not count. */
  readonly resets?: number;
  /** SHA-256, hex, of the record's canonical bytes. */
  readonly recordDigest: string;
  /** What a security key answered, where one was asked: whoever has it can check the signature without us. */
  readonly securityKey?: KeyEvidence;
}

/**
 * The answer of a security key (W3C WebAuthn, 7.2) to a challenge that is the SHA-256 of the canonical JSON of `statement`. Bytes are base64url, the
 * public key is a SubjectPublicKeyInfo in base64.
 */
export interface KeyEvidence {
  readonly statement: { readonly [member: string]: string };
  readonly credentialId: string;
  readonly clientDataJSON: string;
  readonly authenticatorData: string;
  readonly signature: string;
  readonly publicKey: string;
  /** COSE's number. */
  readonly algorithm: number;
  readonly origin: string;
  readonly rpId: string;
}

/** Whoever ratifies signs the release, everybody else the request. */
export function recordKindOf(meaning: SignatureMeaning): 'change-request' | 'emergency-release' {
  switch (meaning) {
    case 'approved':
    case 'rejected':
    case 'released':
      return 'change-request';
    case 'ratified':
    case 'ratification-refused':
      return 'emergency-release';
  }
}

/** What a security key was asked says the same as the signature that it is to make: one that was made for something else is none. */
export function saysTheSame(
  { meaning, signer, printedName, recordDigest, securityKey }: ElectronicSignature,
  record: string,
  reasonDigest: string,
): boolean {
  if (securityKey === undefined) return true;
  const said = securityKey.statement;
  const expected = {
    for: 'signature',
    person: signer,
    printedName,
    meaning,
    recordKind: recordKindOf(meaning),
    record,
    recordDigest,
    reasonDigest,
  };
  return Object.entries(expected).every(([member, value]) => said[member] === value);
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
