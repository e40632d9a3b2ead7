import type { DomainEvent, Reason } from '#kernel';
import type { ReleaseTarget } from '../../release-target.js';
import type { ElectronicSignature } from '../signature.js';

/** What a person asks for, in a person's words. Capture resolves it to exact targets. */
export interface ChangeItem {
  readonly format: string;
  /** The subject's name: for a snap, the snap's name. */
  readonly name: string;
  readonly channel: string;
  /** The version to hold; null gives the target back to upstream. */
  readonly version: string | null;
}

/** A choice: a version and the digest of the capture manifest that says what exactly that is. */
export interface Choice {
  readonly version: string;
  readonly manifest: string;
}

/** One item resolved: this target goes from the old choice to the new one. `null`: upstream decides. */
export interface ResolvedChange {
  readonly target: ReleaseTarget;
  readonly name: string;
  readonly old: Choice | null;
  readonly new: Choice | null;
}

export interface CaptureFailure {
  readonly item: ChangeItem;
  /** The code of the error that the capture ended with. */
  readonly code: string;
  readonly message: string;
}

/** A target whose choice is no longer the one that was approved against. */
export interface Mismatch {
  readonly target: ReleaseTarget;
  readonly expected: Choice | null;
  readonly found: Choice | null;
}

export interface Author {
  readonly id: string;
  readonly name: string;
}

export type ChangeDrafted = DomainEvent<
  'ChangeDrafted',
  {
    readonly id: string;
    readonly ring: string;
    readonly author: Author;
    readonly reason: Reason;
    readonly items: readonly ChangeItem[];
  }
>;
/** `submission` counts from 1: after a refused capture the author may submit again. */
export type ChangeSubmitted = DomainEvent<
  'ChangeSubmitted',
  { readonly submission: number; readonly at: string }
>;
export type ArtefactsCaptured = DomainEvent<
  'ArtefactsCaptured',
  {
    readonly submission: number;
    readonly changes: readonly ResolvedChange[];
    /** SHA-256 of the record as it now stands: what an approver signs. */
    readonly recordDigest: string;
  }
>;
export type CaptureRefused = DomainEvent<
  'CaptureRefused',
  { readonly submission: number; readonly failures: readonly CaptureFailure[] }
>;
export type ChangeApproved = DomainEvent<'ChangeApproved', { readonly signature: ElectronicSignature }>;
export type ChangeRejected = DomainEvent<'ChangeRejected', { readonly signature: ElectronicSignature }>;
export type ChangeWithdrawn = DomainEvent<'ChangeWithdrawn', { readonly from: string }>;
export type ChangeBecameStale = DomainEvent<
  'ChangeBecameStale',
  { readonly mismatches: readonly Mismatch[] }
>;
/** `policy` is the stream in which the overrides now stand. */
export type ChangeApplied = DomainEvent<'ChangeApplied', { readonly policy: string }>;

export type ChangeRequestEvent =
  | ChangeDrafted
  | ChangeSubmitted
  | ArtefactsCaptured
  | CaptureRefused
  | ChangeApproved
  | ChangeRejected
  | ChangeWithdrawn
  | ChangeBecameStale
  | ChangeApplied;
