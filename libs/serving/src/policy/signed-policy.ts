import type { PolicyDocument } from '#release-control/published';

/** A policy document as it travels: the exact bytes, and the note that signs them. Untrusted until it was verified. */
export interface SignedPolicy {
  readonly document: Uint8Array;
  readonly note: string;
}

/** What of a signed document says which is newer. */
export interface Positioned {
  readonly position: string;
}

/**
 * Verifies against the key that the launcher pinned, and against the origin and ring that this proxy is for.
 * @throws ReleaseControlError, saying what is wrong
 */
export type VerifyPolicy<Document extends Positioned = PolicyDocument> = (policy: SignedPolicy) => Document;

export interface VerifiedPolicy<Document extends Positioned = PolicyDocument> {
  readonly signed: SignedPolicy;
  readonly document: Document;
}
