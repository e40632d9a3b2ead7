import type { DeviationListed, ReviewView } from '../api/review-types.js';
import { table } from './table.js';

type Deviation = ReviewView['deviations'][number];

/** Of all reviews. */
export function deviationsTable(deviations: readonly DeviationListed[]): string {
  if (deviations.length === 0) return 'no deviation\n';
  return table(deviations, [
    { header: 'Review', cell: ({ review }) => review },
    { header: 'Deviation', cell: ({ finding }) => finding },
    { header: 'Found', cell: ({ foundAt }) => foundAt.slice(0, 10) },
    { header: 'By', cell: ({ foundBy }) => foundBy },
    { header: 'Record', cell: ({ ticket }) => ticket },
    { header: 'Due', cell: ({ due }) => due.slice(0, 10) },
    { header: 'Stands', cell: standingOf },
    { header: 'What', cell: ({ text }) => text },
  ]);
}

/** Of one review, as they stand now; nothing where there are none. */
export function deviationsOfReview({ deviations }: Pick<ReviewView, 'deviations'>): string {
  if (deviations.length === 0) return '';
  return table(deviations, [
    { header: 'Deviation', cell: ({ finding }) => finding },
    { header: 'Due', cell: ({ due }) => due },
    { header: 'Stands', cell: standingOf },
  ]);
}

/** For a sentence: whether it is closed, by whom and with what. */
export function standingOf({ closed, overdue }: Pick<Deviation, 'closed' | 'overdue'>): string {
  if (closed) return `closed by ${closed.by.name} at ${closed.at}, ${closed.ticket}`;
  return overdue ? 'open, overdue' : 'open';
}
