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

/** Days until the next one of its kind, where nothing else is said. */
export const USUAL_DAYS: Readonly<Record<ReviewKind, number>> = { access: 90, periodic: 365, trail: 30 };

export const REVIEW_STREAMS = 'review/';

export function reviewStream(id: string): string {
  return `${REVIEW_STREAMS}${id}`;
}

/** Undefined for what is no review's id. */
export function kindOfId(id: string): ReviewKind | undefined {
  return REVIEW_KINDS.find((kind) => id.startsWith(`${PREFIXES[kind]}-`));
}
