import type { Access } from '../api/types.js';
import { fields, table } from './table.js';

/** A ring's access policy, and each snap that is on a list: since when, and by which change request. */
export function accessText({
  ring,
  access,
  since,
  denied,
  allowed,
  blocked,
  publisherChanges,
  halts,
  halted,
}: Access): string {
  const head = fields([
    ['Ring', ring],
    ['Access', access],
    ['Since', since?.at ?? 'the beginning'],
    ['Change', since?.changeRequest],
    ['Publishers', publisherChanges],
    ...halts.map((halt) => ['Halted', haltText(halt)] as const),
    ...halted.flatMap(({ name, snapId, halts: ofIt }) =>
      ofIt.map((halt) => ['Halted', `${name} (${snapId}): ${haltText(halt)}`] as const),
    ),
  ]);
  const listed = [
    ...denied.map((snap) => ({ list: 'denied', ...snap })),
    ...allowed.map((snap) => ({ list: 'allowed', ...snap })),
    ...blocked.map((snap) => ({ list: `blocked (${snap.because})`, ...snap })),
  ];
  if (listed.length === 0) return head;
  const snaps = table(listed, [
    { header: 'List', cell: ({ list }) => list },
    { header: 'Name', cell: ({ name }) => name },
    { header: 'Snap-id', cell: ({ snapId }) => snapId },
    { header: 'Since', cell: (snap) => snap.since.at },
    { header: 'Change', cell: (snap) => snap.since.changeRequest },
  ]);
  return `${head}\n${snaps}`;
}

/** Until when is for a change request to say. */
export function haltText({ at, by, why }: Omit<Access['halts'][number], 'position'>): string {
  return `since ${at} by ${by}: ${why}`;
}
