import { later } from '#kernel';

const DAY_MS = 86_400_000;

/** What is looked at: who may do what (R28), the system over a period (R36), a range of the trail (R12). */
export const REVIEW_KINDS = ['access', 'periodic', 'trail'] as const;
export type ReviewKind = (typeof REVIEW_KINDS)[number];

/** What a signature says of a review (R17). */
export const REVIEW_MEANINGS = ['reviewed', 'trail-reviewed'] as const;
export type ReviewMeaning = (typeof REVIEW_MEANINGS)[number];

export function meaningOf(kind: ReviewKind): ReviewMeaning {
  return kind === 'trail' ? 'trail-reviewed' : 'reviewed';
}

const PREFIXES: Readonly<Record<ReviewKind, string>> = { access: 'AR', periodic: 'PR', trail: 'TR' };

/** `TR-0042`: reviews of a kind are numbered from 1, so that what came before one is known without a read model. */
export function reviewId(kind: ReviewKind, number: number): string {
  return `${PREFIXES[kind]}-${String(number).padStart(4, '0')}`;
}

/** Of each kind, days until the next one: a period of the site's. */
export type ReviewDays = Readonly<Record<ReviewKind, number>>;

/** Where the site says nothing else. */
export const USUAL_DAYS: ReviewDays = { access: 90, periodic: 365, trail: 30 };

/** At most: what is looked at more seldom is looked at by nobody. */
export const LONGEST_DAYS: ReviewDays = { access: 366, periodic: 3 * 366, trail: 366 };

/** RFC 3339, UTC. @param since RFC 3339 */
export function daysAfter(since: string, days: number): string {
  return later(since, days * DAY_MS);
}

/** Days in which a deviation is to be closed, where its finding says nothing else. */
export const USUAL_DEVIATION_DAYS = 30;

/** At most: what may stay open for longer is escalated to nobody. */
export const LONGEST_DEVIATION_DAYS = 366;

export const REVIEW_STREAMS = 'review/';

export function reviewStream(id: string): string {
  return `${REVIEW_STREAMS}${id}`;
}

/** Undefined for what is no review's id. */
export function kindOfId(id: string): ReviewKind | undefined {
  return REVIEW_KINDS.find((kind) => id.startsWith(`${PREFIXES[kind]}-`));
}
