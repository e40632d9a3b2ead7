import type { DeliveryRow } from '../api/types.js';
import { deviceText, memberText } from './device.js';
import { shortChannel } from './overrides.js';
import { table, type Column } from './table.js';

const WHAT: Column<DeliveryRow> = { header: 'Outcome', cell: (row) => outcomeOf(row) };
const REST: readonly Column<DeliveryRow>[] = [
  WHAT,
  { header: 'Last', cell: (row) => row.lastAt },
  { header: 'Position', cell: (row) => row.position },
  { header: 'Node', cell: (row) => row.node },
];
const DEVICE: Column<DeliveryRow> = {
  header: 'Device',
  cell: ({ device }) => (device ? deviceText(device) : null),
};

/** Why a device was in its ring, where any rule said so. */
function memberColumn(rows: readonly DeliveryRow[]): readonly Column<DeliveryRow>[] {
  if (!rows.some(({ member }) => member)) return [];
  return [{ header: 'In ring by', cell: ({ member }) => memberText(member) }];
}

/** Of a device: what it was offered and got. */
export function deviceTable(rows: readonly DeliveryRow[]): string {
  return table(rows, [
    { header: 'Snap', cell: (row) => row.snap },
    { header: 'Rev', cell: (row) => row.revision },
    { header: 'Channel', cell: ({ channel }) => (channel === null ? null : shortChannel(channel)) },
    ...REST,
    DEVICE,
    ...memberColumn(rows),
  ]);
}

/** Of a revision: which devices. */
export function whoGotTable(rows: readonly DeliveryRow[]): string {
  return table(rows, [DEVICE, ...REST, ...memberColumn(rows)]);
}

function outcomeOf({ offered, completed, brokenOff }: DeliveryRow): string {
  if (completed > 0) return 'completed';
  if (brokenOff > 0) return 'broken off';
  return offered > 0 ? 'offered' : '-';
}
