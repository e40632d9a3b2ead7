import type { InstalledRevisions } from '../api/types.js';
import type { BaselinePlan, Hold, LeftOut, Undecided } from '../baseline/plan.js';
import { shortChannel } from './overrides.js';
import { table, type Column } from './table.js';

interface Place {
  readonly snap: string;
  readonly channel: string;
  readonly architecture: string;
}

const PLACE: readonly Column<Place>[] = [
  { header: 'Snap', cell: ({ snap }) => snap },
  { header: 'Channel', cell: ({ channel }) => shortChannel(channel) },
  { header: 'Arch', cell: ({ architecture }) => architecture },
];

/** All of a plan: what is asked for, what is held so already, where devices differ, what is left out and why. */
export function baselineText(
  { devices, unidentified, leftOut: notRecorded }: InstalledRevisions,
  { holds, already, undecided, leftOut }: BaselinePlan,
): string {
  const from = `Devices: ${devices}; reports that no store vouches for: ${unidentified}\n`;
  const more = notRecorded > 0 ? `Snaps that devices named and no record names: ${notRecorded}\n` : '';
  const parts = [
    part('To hold', holds, holdTable),
    part('Held already', already, holdTable),
    part('Devices differ', undecided, undecidedText),
    part('Left out', leftOut, leftOutTable),
  ];
  return `${from}${more}${parts.join('')}`;
}

/** Each revision that devices have where they differ. */
export function undecidedText(undecided: readonly Undecided[]): string {
  const rows = undecided.flatMap(({ candidates, ...place }) =>
    candidates.map((candidate) => ({ ...place, ...candidate })),
  );
  return table(rows, [
    ...PLACE,
    { header: 'Rev', cell: ({ revision }) => revision },
    { header: 'Devices', cell: (row) => row.devices },
  ]);
}

function part<Row>(title: string, rows: readonly Row[], text: (rows: readonly Row[]) => string): string {
  return rows.length === 0 ? '' : `\n${title}:\n${text(rows)}`;
}

function holdTable(rows: readonly Hold[]): string {
  return table(rows, [
    ...PLACE,
    { header: 'Rev', cell: ({ revision }) => revision },
    { header: 'Devices', cell: ({ devices }) => devices },
    { header: 'Deviate', cell: ({ deviate }) => deviate },
    { header: 'Now', cell: ({ held }) => held ?? 'upstream' },
  ]);
}

function leftOutTable(rows: readonly LeftOut[]): string {
  return table(rows, [
    ...PLACE,
    { header: 'Rev', cell: ({ revision }) => revision },
    { header: 'Devices', cell: ({ devices }) => devices },
    { header: 'Unidentified', cell: ({ unidentified }) => unidentified },
    { header: 'Why', cell: ({ why }) => why },
  ]);
}
