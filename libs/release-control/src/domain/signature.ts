import type { ElectronicSignature as SignatureOfAnyRecord, LinkedAccounts } from '#kernel';

/**
 * What a signature says of the record that it is bound to (R17). `authored`: its author hands it in as it is, and `reviewed`: somebody else has looked at it; both approve nothing; `released`: it takes effect under a pre-authorisation, before anybody approved it;
 * `ratified` and `ratification-refused` are of that release. `released-by-template`: it takes effect if it is within the limits of a template that others approved.
 */
export const SIGNATURE_MEANINGS = [
  'authored',
  'reviewed',
  'approved',
  'rejected',
  'released',
  'ratified',
  'ratification-refused',
  'released-by-template',
] as const;
export type SignatureMeaning = (typeof SIGNATURE_MEANINGS)[number];

/** Of a decision on a request. */
export type ElectronicSignature = SignatureOfAnyRecord<SignatureMeaning>;

/** Its author signs what they say, before it is captured, and as a standard change what they use; whoever ratifies, the release; everybody else the request. */
export function recordKindOf(
  meaning: SignatureMeaning,
): 'change-draft' | 'change-request' | 'emergency-release' | 'standard-change' {
  switch (meaning) {
    case 'authored':
      return 'change-draft';
    case 'reviewed':
    case 'approved':
    case 'rejected':
    case 'released':
      return 'change-request';
    case 'ratified':
    case 'ratification-refused':
      return 'emergency-release';
    case 'released-by-template':
      return 'standard-change';
  }
}

/** What who signed is at this moment. */
export interface SignerNow {
  /** None for who is disabled, or has no password yet. */
  readonly roles: readonly string[];
  /** How often they were reset. */
  readonly resets: number;
}

/** By what persons and their accounts are now, signatures count or do not. */
export interface SignersNow {
  /** What each person who signed is now, by person id. */
  readonly signersNow: ReadonlyMap<string, SignerNow>;
  /** Which accounts are of one person. */
  readonly linked?: LinkedAccounts | undefined;
}

/** What a signature was made under (R26). */
export interface SignedUnder {
  /** The version of the ring's approval policy that was in force. */
  readonly policyVersion: number;
  /** Those of the signer's roles at that moment that sign. */
  readonly roles: readonly string[];
  /** Of a release plan: the same of each of its later rings. */
  readonly stages?: readonly SignedStage[];
}

/** What a signature of a release plan was made under in one of its later rings. */
export interface SignedStage {
  readonly ring: string;
  readonly policyVersion: number;
  readonly roles: readonly string[];
}

/** A signature as it stands in a request. Older ones do not say what they were made under. */
export interface RecordedSignature extends ElectronicSignature, Partial<SignedUnder> {}
