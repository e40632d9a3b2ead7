import type { ComparisonSummary, DifferenceRow } from '../api/types.js';
import { fields, table } from './table.js';

/** How many requests there were, and what comparing them came to. Empty without any. */
export function summaryOf(summary: ComparisonSummary): string {
  if (summary.requests === 0) return '';
  const { requests, equal, differing, notCompared, firstAt, lastAt } = summary;
  return fields([
    ['Requests', requests],
    ['Equal', equal],
    ['Differing', differing],
    ...notCompared.map(({ reason, count }) => [`Not compared, ${reason}`, count] as const),
    ['From', firstAt],
    ['Until', lastAt],
  ]);
}

/** Empty without any difference. */
export function differenceTable(rows: readonly DifferenceRow[]): string {
  if (rows.length === 0) return '';
  const lines = table(rows, [
    { header: 'Snap', cell: (row) => row.snap },
    { header: 'Asked', cell: (row) => row.endpoint },
    { header: 'Where', cell: (row) => row.place },
    { header: 'Incumbent', cell: (row) => row.incumbent },
    { header: 'Holdfast', cell: (row) => row.ours },
    { header: 'Why', cell: (row) => row.why },
    { header: 'Count', cell: (row) => row.count },
    { header: 'Devices', cell: (row) => row.devices },
    { header: 'Last', cell: (row) => row.lastAt },
  ]);
  return `\n${lines}`;
}
