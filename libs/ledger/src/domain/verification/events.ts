import type { DomainEvent } from '#kernel';
import type { Finding, Unsealed } from './finding.js';

/** What was verified. Times are RFC 3339, UTC; counts are decimal. */
export type Verified = {
  readonly at: string;
  readonly entries: string;
  /** Base64. */
  readonly root: string;
  /** How long it took. */
  readonly seconds: number;
};

/** Every entry, every tile, both checkpoints and every event that is sealed were looked at, and agree. */
export type LedgerVerified = DomainEvent<'LedgerVerified', Verified>;

/** Something of it does not agree. */
export type LedgerVerificationFailed = DomainEvent<
  'LedgerVerificationFailed',
  {
    readonly at: string;
    readonly findings: readonly Finding[];
    /** How many there were beside these. */
    readonly more: number;
    readonly seconds: number;
  }
>;

/** What did not agree does so again. */
export type LedgerVerificationRecovered = DomainEvent<
  'LedgerVerificationRecovered',
  Verified & { readonly failedSince: string }
>;

/** What happened waits for too long to be sealed: no checkpoint is signed. */
export type CheckpointSigningFailed = DomainEvent<
  'CheckpointSigningFailed',
  {
    readonly at: string;
    /** Entries of the last checkpoint; 0: there is none. */
    readonly sealed: string;
    readonly overdue: Unsealed;
  }
>;

export type CheckpointSigningResumed = DomainEvent<
  'CheckpointSigningResumed',
  { readonly at: string; readonly sealed: string }
>;

export type VerificationEvent =
  | LedgerVerified
  | LedgerVerificationFailed
  | LedgerVerificationRecovered
  | CheckpointSigningFailed
  | CheckpointSigningResumed;
