import type { UpdateMatrix } from '../api/matrix-types.js';
import { table, type Column } from './table.js';

type Update = UpdateMatrix['updates'][number];
type Cell = Update['cells'][number];

/** A line for each version, a column for each ring, and below it why a version is not applied. */
export function matrixTable({ rings, updates }: UpdateMatrix): string {
  const columns: Column<Update>[] = rings.map((ring, i) => ({
    header: ring,
    cell: ({ cells }) => cellText(cells[i]),
  }));
  const head = table(updates, [
    { header: 'Snap', cell: (row) => row.snap },
    { header: 'Rev', cell: (row) => row.revision },
    { header: 'Version', cell: (row) => row.version },
    ...columns,
  ]);
  const whys = updates.flatMap(({ snap, revision, cells }) =>
    cells.flatMap(({ notApplied, state }, i) =>
      notApplied && state === 'not-applied'
        ? [{ what: `${snap} ${revision}`, ring: rings[i] ?? '', ...notApplied }]
        : [],
    ),
  );
  if (whys.length === 0) return head;
  const why = table(whys, [
    { header: 'Not applied', cell: (row) => row.what },
    { header: 'Ring', cell: (row) => row.ring },
    { header: 'Why', cell: (row) => row.reason },
    { header: 'Mitigation', cell: (row) => row.mitigation },
  ]);
  return `${head}\n${why}`;
}

function cellText(cell: Cell | undefined): string | null {
  if (!cell) return null;
  const devices = cell.state === 'deployed' ? ` (${cell.devices})` : '';
  return `${cell.state}${devices}${cell.reviewDue ? ' !' : ''}`;
}

/** What is to be reviewed, in sentences: once for each ring and snap that is held back, and each update that was taken on. */
export function reviewsDue({ rings, updates }: UpdateMatrix): readonly string[] {
  const due = updates.flatMap(({ snap, revision, cells }) =>
    cells.flatMap(({ reviewDue, behindDays, takenOnDays, evaluatedIn }, i) => {
      if (!reviewDue) return [];
      const ring = rings[i] ?? '';
      if (takenOnDays !== null && takenOnDays >= (behindDays ?? 0))
        return [
          `! Ring ${ring} does not have ${snap} ${revision}, taken on ${takenOnDays} days ago (${evaluatedIn.join(', ')}): decide on it`,
        ];
      return [`! Ring ${ring} has held ${snap} back for ${behindDays ?? 0} days: review it`];
    }),
  );
  return [...new Set(due)];
}

const COLUMNS = [
  'snap',
  'snap-id',
  'revision',
  'version',
  'ring',
  'state',
  'applicable',
  'evaluated-in',
  'tested-in',
  'approved-in',
  'devices',
  'reason',
  'mitigation',
  'behind-days',
  'taken-on-days',
  'review-due',
] as const;

/** RFC 4180, a line for each version and ring. */
export function matrixCsv({ rings, updates }: UpdateMatrix): string {
  const lines = updates.flatMap(({ snap, snapId, revision, version, cells }) =>
    cells.map((cell, i) => [
      snap,
      snapId,
      revision,
      version,
      rings[i],
      cell.state,
      cell.applicable,
      cell.evaluatedIn.join(' '),
      cell.testedIn.map(({ ring, id }) => `${ring}:${id}`).join(' '),
      cell.approvedIn.join(' '),
      cell.devices,
      cell.notApplied?.reason,
      cell.notApplied?.mitigation,
      cell.behindDays,
      cell.takenOnDays,
      cell.reviewDue,
    ]),
  );
  return [COLUMNS, ...lines].map((line) => `${line.map(csvField).join(',')}\r\n`).join('');
}

/** What a spreadsheet would take for a formula is told from one by a quote in front of it. */
function csvField(value: string | number | boolean | null | undefined): string {
  const text = String(value ?? '');
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
