import type { JsonObject } from '#kernel';
import type { ChangeRecord } from './types.js';

/** A release, and how its ratification stands. */
export interface EmergencyOfChange {
  readonly ratification: 'open' | 'ratified' | 'refused';
  /** Exactly what a ratification is bound to: the digest is over all of it. */
  readonly record: ChangeRecord & { readonly ratifyBy: string; readonly release: ReleaseSignature };
  readonly releaseDigest: string;
  /** What it would have waited for by the soak that the ring asks for; older servers do not say it. */
  readonly soakPassedOver?: string | null;
}

export type ReleaseSignature = JsonObject & {
  readonly printedName: string;
  readonly signedAt: string;
  readonly policyVersion: number;
};
