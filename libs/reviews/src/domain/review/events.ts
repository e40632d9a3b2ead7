import type { DomainEvent, ElectronicSignature, InPart, Reason } from '#kernel';
import type { Content, Line } from '../content.js';
import type { ReviewMeaning } from '../kinds.js';

export interface Reviewer {
  readonly id: string;
  readonly name: string;
}

/** What an opened review says, beside its lines. */
export interface Opening {
  readonly id: string;
  readonly openedBy: Reviewer;
  readonly openedAt: string;
  readonly reason: Reason;
  /** When the next one of its kind is due. RFC 3339, UTC. */
  readonly nextDue: string;
}

type Scoped = { [Kind in Content['kind']]: Omit<Extract<Content, { kind: Kind }>, 'lines'> }[Content['kind']];

/** A review, with its content. A long list of lines is spread over several of one append. */
export type ReviewOpened = DomainEvent<
  'ReviewOpened',
  Opening & InPart & { readonly content: Scoped; readonly lines: readonly Line[] }
>;

/** Of a line of an access review. */
export interface Decision {
  /** Counted from 1. */
  readonly line: number;
  readonly decision: 'keep' | 'revoke';
  readonly by: Reviewer;
  readonly comment?: string;
}
/** Somebody looked at what others may do. */
export type RightsDecided = DomainEvent<'RightsDecided', { readonly decisions: readonly Decision[] }>;

/** What a reviewer found. */
export type Finding = {
  readonly by: Reviewer;
  readonly at: string;
  readonly text: string;
  /** Of the event that it is about. */
  readonly position?: string;
  /** Of the record elsewhere, such as that of a deviation (R16). */
  readonly ticket?: string;
} & (
  | { readonly kind: 'note' }
  /** `due`: when it is to be closed, RFC 3339, UTC; absent in those of before, which have the usual days. */
  | { readonly kind: 'deviation'; readonly due?: string }
  /** The history was verified, and held: so many entries, with this root (hex). */
  | {
      readonly kind: 'verifier-result';
      readonly passed: true;
      readonly entries: string;
      readonly root: string;
    }
  /** It did not hold; `text` says what the verifier said. */
  | { readonly kind: 'verifier-result'; readonly passed: false }
);
export type FindingRecorded = DomainEvent<'FindingRecorded', { readonly finding: Finding }>;

interface Signed {
  readonly signature: ElectronicSignature<ReviewMeaning>;
  /** Those whose signatures do not count any more, by id. */
  readonly notCounted: readonly string[];
}
/** A signature after which more are needed: some lines are about its signer. */
export type ReviewSigned = DomainEvent<'ReviewSigned', Signed & { readonly missing: readonly string[] }>;
/** The signature that completes it. */
export type ReviewCompleted = DomainEvent<'ReviewCompleted', Signed & { readonly nextDue: string }>;
/** Somebody would have signed a review of the trail who acted in it themself (R13). */
export type TrailReviewRefused = DomainEvent<
  'TrailReviewRefused',
  { readonly by: Reviewer; readonly events: number }
>;
export type ReviewWithdrawn = DomainEvent<'ReviewWithdrawn', { readonly by: Reviewer }>;
/** The next one of its kind was due, and is not there. Once. */
export type NextReviewOverdue = DomainEvent<'NextReviewOverdue', { readonly nextDue: string }>;

/** What became of a deviation: by whom, when, and the record elsewhere of what was done about it, such as a CAPA (R16). */
export interface ClosedDeviation {
  /** Its number among the findings of the review, counted from 1. */
  readonly finding: number;
  readonly by: Reviewer;
  readonly at: string;
  readonly ticket: string;
}
/** However its review stands: nothing of what was signed changes by it. */
export type DeviationClosed = DomainEvent<'DeviationClosed', ClosedDeviation>;
/** A deviation was to be closed by a time, and is open. Once. */
export type DeviationEscalated = DomainEvent<
  'DeviationEscalated',
  { readonly finding: number; readonly due: string }
>;

export type ReviewEvent =
  | ReviewOpened
  | RightsDecided
  | FindingRecorded
  | ReviewSigned
  | ReviewCompleted
  | TrailReviewRefused
  | ReviewWithdrawn
  | NextReviewOverdue
  | DeviationClosed
  | DeviationEscalated;
