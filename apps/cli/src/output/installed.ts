import type { InstalledRow } from '../api/types.js';
import { deviceText, memberText } from './device.js';
import { shortChannel } from './overrides.js';
import { table } from './table.js';

/** What a device has, as it last said, under a line that says when and to whom. */
export function installedText({
  device,
  architecture,
  node,
  since,
  saidAt,
  position,
  member,
  snaps,
  leftOut,
}: InstalledRow): string {
  const more = leftOut > 0 ? `and ${leftOut} more that no record names\n` : '';
  const head = `${deviceText(device)} (${architecture}) has since ${since}, as it last said ${saidAt} to ${node} under position ${position}${member ? `, in ring ${memberText(member)}` : ''}:\n`;
  const lines = table(snaps, [
    { header: 'Name', cell: (snap) => snap.name ?? snap.snapId },
    { header: 'Rev', cell: (snap) => snap.revision },
    { header: 'Tracking', cell: (snap) => shortChannel(snap.channel) },
    { header: 'Notes', cell: (snap) => notes(snap) },
  ]);
  return `${head}${lines}${more}\n`;
}

function notes({ instance, cohort }: InstalledRow['snaps'][number]): string {
  return [instance === null ? undefined : `instance ${instance}`, cohort ? 'in a cohort' : undefined]
    .filter((note) => note !== undefined)
    .join(', ');
}
