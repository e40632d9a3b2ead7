import type { SyncRow } from '../api/types.js';
import { fields, table } from './table.js';

/** `asked: the worker has not begun`, then `3 of 12`. */
export function progressLine({ status, done, total }: SyncRow): string {
  return status === 'asked' ? 'asked: the worker has not begun' : `${done} of ${total ?? '?'}`;
}

/** How far it is, and what failed, by name. */
export function syncText(row: SyncRow): string {
  const { id, status, requestedBy, requestedAt, total, done, outcome } = row;
  const head = fields([
    ['Sync', id],
    ['Status', status],
    ['Asked for', `${requestedAt} by ${requestedBy}`],
    ['Looked at', total === null ? null : `${done} of ${total}`],
    ...(outcome ? outcomeFields(outcome) : []),
  ]);
  if (!outcome || outcome.failures.length === 0) return head;
  const failures = table(outcome.failures, [
    { header: 'Failed', cell: ({ snap }) => snap },
    { header: 'Code', cell: ({ code }) => code },
    { header: 'Why', cell: ({ message }) => message },
  ]);
  const more = outcome.moreFailures > 0 ? `and ${outcome.moreFailures} more\n` : '';
  return `${head}\n${failures}${more}`;
}

function outcomeFields(outcome: NonNullable<SyncRow['outcome']>): (readonly [string, number])[] {
  return [
    ['Changed', outcome.changed],
    ['Not asked', outcome.notAsked],
  ];
}
