import type { ElectronicSignature, PartsSoFar } from '#kernel';
import type { Content, ContentOf, Line } from '../content.js';
import type { ReviewKind, ReviewMeaning } from '../kinds.js';
import type { ClosedDeviation, Decision, Finding, Opening } from './events.js';

export type ReviewSignature = ElectronicSignature<ReviewMeaning>;

/** What every review has, however it stands. Plain JSON: it is kept as it is. */
export interface Opened extends Opening {
  readonly content: Content;
  /** Of an access review: each line's, by its number; in the order of the lines. */
  readonly decisions: readonly Decision[];
  readonly findings: readonly Finding[];
  /** All that were made, in order; those over an older state of the record are void. */
  readonly signatures: readonly ReviewSignature[];
  /** Deviations that were closed, which is no part of what is signed. Absent: none was. */
  readonly closed?: readonly ClosedDeviation[];
  /** Numbers of findings of which it was said that they are overdue. Absent: none. */
  readonly escalated?: readonly number[];
}

export type OpenReviewState = Opened & { readonly status: 'open' };
export type CompletedReview = Opened & {
  readonly status: 'completed';
  /** Ids of those whose signatures did not count when it was completed. */
  readonly notCounted: readonly string[];
  /** Whether it was said that the next one is overdue. */
  readonly overdueSaid: boolean;
};
export type WithdrawnReview = Opened & { readonly status: 'withdrawn' };

export type Review =
  | { readonly status: 'none'; readonly lines?: PartsSoFar<Line> }
  | OpenReviewState
  | CompletedReview
  | WithdrawnReview;

export const REVIEW_STATUSES = ['open', 'completed', 'withdrawn'] as const;
export type ReviewStatus = (typeof REVIEW_STATUSES)[number];

export const noReview: Review = { status: 'none' };

/** The content, where it is of the kind. */
export function contentOf<Kind extends ReviewKind>(
  { content }: Opened,
  kind: Kind,
): ContentOf<Kind> | undefined {
  return content.kind === kind ? (content as ContentOf<Kind>) : undefined;
}
