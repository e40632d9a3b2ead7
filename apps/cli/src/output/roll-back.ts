import type { RollBack, WayBackRow } from '../api/types.js';
import { shortChannel } from './overrides.js';
import { table } from './table.js';

/** What rolling back means for devices, in front of whoever is about to. */
export function rollBackText({ id, ring, targets, figures }: RollBack): string {
  const back = table(targets, [
    { header: 'Name', cell: (row) => row.name },
    { header: 'Channel', cell: ({ target }) => shortChannel(target.channel) },
    { header: 'Arch', cell: ({ target }) => target.architecture },
    { header: 'Now', cell: (row) => row.inForce ?? 'upstream' },
    { header: 'Then', cell: (row) => row.to ?? 'upstream' },
    { header: 'Epoch', cell: epochText },
  ]);
  const counted = table(figures, [
    { header: 'Already', cell: ({ name, version }) => `${name} ${version}` },
    { header: 'Have it now', cell: ({ installed }) => installed },
    { header: 'Were offered it', cell: ({ offered }) => offered },
    { header: 'Downloaded it', cell: ({ downloaded }) => downloaded },
  ]);
  return [
    `Rolling ${id} back in ring ${ring}:\n`,
    `${back}\n`,
    ...(figures.length > 0 ? [`${counted}\n`] : []),
    ...epochWarnings(targets),
    ...ON_DEVICES.map((line) => `${line}\n`),
    ...commandsFor(targets),
  ].join('');
}

/** What devices do, and what nobody can do for them from here: docs/explanation/what-holdfast-cannot-control.md. */
const ON_DEVICES = [
  'Nobody can push: a device follows when it next asks, four times a day as snapd is set by default, so within about six hours; refresh.timer, refresh.hold or a device that is off put it off.',
  'Data is not rolled back: the lower revision starts with what the higher one wrote.',
];

function commandsFor(targets: readonly WayBackRow[]): string[] {
  const names = [...new Set(targets.map(({ name }) => name))];
  return [
    'On a device, to have it now:\n',
    ...names.map((name) => `  sudo snap refresh ${name}\n`),
    'or, to a revision that the device still has, with its data of that time (what is in $SNAP_COMMON stays as it is):\n',
    ...names.map((name) => `  sudo snap revert ${name}\n`),
    'After a revert the timer passes over the revision that was left, until another one is held.\n',
  ];
}

function epochText({ epochs: { are, from, to } }: WayBackRow): string {
  return are === 'differ' ? `${from} → ${to}` : are;
}

function epochWarnings(targets: readonly WayBackRow[]): string[] {
  const names = new Set(targets.filter(({ epochs }) => epochs.are === 'differ').map(({ name }) => name));
  return [...names].map(
    (name) =>
      `The epochs of ${name} differ: a device whose data the lower revision cannot read is not offered it.\n`,
  );
}
