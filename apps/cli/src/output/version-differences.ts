import type {
  ChangeRecord,
  Differences,
  OverrideChange,
  TargetDifference,
  VersionDifference,
} from '../api/types.js';
import { recordText } from './change.js';
import { shortChannel } from './overrides.js';
import { fields, table } from './table.js';

/**
 * What a person reads before they sign: the record, what to look at twice, and what follows.
 * @param more texts that follow; empty ones are left out
 */
export function textToSign(record: ChangeRecord, digest: string, ...more: readonly string[]): string {
  const texts = [recordText(record, digest), marksText(record), ...more];
  return texts
    .filter((text) => text !== '')
    .join('\n')
    .trimEnd();
}

/** What to look at twice, of each version that a record gives; empty when there is nothing. Several architectures of one revision say it once. */
export function marksText({ changes }: Pick<ChangeRecord, 'changes'>): string {
  const overrides = changes.filter((change): change is OverrideChange => change.kind === undefined);
  const rows = overrides.flatMap((change) => {
    const { marks = [], omitted = 0 } = change.difference ?? {};
    const more = omitted > 0 ? [`${omitted} lines or marks are not in the record, or not whole`] : [];
    return [...marks.map(({ text }) => text), ...more].map((text) => ({
      snap: `${change.name} ${change.new?.version ?? ''}`,
      text,
    }));
  });
  const distinct = [...new Map(rows.map((row) => [`${row.snap} ${row.text}`, row])).values()];
  if (distinct.length === 0) return '';
  return table(distinct, [
    { header: 'Look twice', cell: ({ snap }) => snap },
    { header: 'Why', cell: ({ text }) => text },
  ]);
}

/** Each target's difference, old → new, and whom the request is about. */
export function differencesText(differences: Differences): string {
  const { ring, devices, unidentified, countedAt, held, heldCount, targets } = differences;
  const inRings = targets.some((each) => each.ring !== ring);
  const about = fields([
    ['Ring', ring],
    [
      'Devices',
      `${devices}${unidentified > 0 ? `, and ${unidentified} reports that no store vouches for` : ''}`,
    ],
    ['Counted', countedAt],
    ['Held beside', heldCount],
  ]);
  const beside = table(held, [
    { header: 'Held beside', cell: ({ name }) => name },
    { header: 'Channel', cell: ({ channel }) => shortChannel(channel) },
    { header: 'Arch', cell: ({ architecture }) => architecture },
    { header: 'Version', cell: ({ version }) => version },
  ]);
  return [
    ...grouped(targets).map((group) => targetText(group, inRings)),
    about,
    ...(held.length > 0 ? [beside] : []),
    ...(heldCount > held.length
      ? [`${heldCount - held.length} more are held: holdfast list-overrides\n`]
      : []),
  ].join('\n');
}

interface Group {
  readonly name: string;
  readonly old: string | null;
  readonly new: string | null;
  readonly difference: VersionDifference | null;
  readonly targets: readonly TargetDifference[];
}

/** Targets of one snap that go from the same to the same. */
function grouped(targets: readonly TargetDifference[]): Group[] {
  const key = ({ name, target, old, new: now, difference }: TargetDifference) =>
    JSON.stringify([name, target.subject, old, now, difference]);
  return [...Map.groupBy(targets, key).values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const { name, old, new: now, difference } = first;
    return [{ name, old, new: now, difference, targets: group }];
  });
}

/** @param inRings whether the request is for several: which one is said of each then */
function targetText({ name, old, new: now, difference, targets }: Group, inRings: boolean): string {
  const head = fields([
    ['Snap', name],
    ['Version', `${old ?? 'upstream'} → ${now ?? 'upstream'}`],
    ...targets.map((each): [string, string] => [
      'For',
      `${inRings ? `ring ${each.ring}: ` : ''}${placeText(each)}`,
    ]),
  ]);
  if (difference === null)
    return now === null
      ? head
      : `${head}the record does not say how the versions differ: it is an older one\n`;
  const { lines, marks, omitted = 0 } = difference;
  const changes = table(lines, [
    { header: 'What', cell: ({ what }) => what },
    { header: 'Old', cell: (line) => line.old },
    { header: 'New', cell: (line) => line.new },
  ]);
  return [
    head,
    ...(marks.length > 0 ? [table(marks, [{ header: 'Look twice', cell: ({ text }) => text }])] : []),
    lines.length > 0 ? changes : 'nothing that is looked at differs\n',
    ...(omitted > 0 ? [`${omitted} lines or marks are not in the record, or not whole\n`] : []),
  ].join('');
}

function placeText({ target: { channel, architecture }, installed }: TargetDifference): string {
  const have = installed.map(({ revision, devices }) => `${devices} devices have ${revision}`);
  return `${shortChannel(channel)} ${architecture}: ${have.join(', ') || 'no device said that it has it'}`;
}
