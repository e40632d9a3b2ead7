import type { ExplainedDevice, MemberRule } from '../api/members-types.js';
import { table } from './table.js';

/** Rules in the order in which a device is looked for. */
export function membersTable(rules: readonly MemberRule[]): string {
  return table(rules, [
    { header: 'Ring', cell: (row) => row.ring },
    { header: 'Rule', cell: (row) => row.name },
    { header: 'Devices', cell: (row) => row.count ?? (row.of === 'serial' ? 1 : null) },
    { header: 'Version', cell: (row) => row.version ?? null },
    { header: 'Approved in', cell: (row) => row.changeRequest },
  ]);
}

/** Why a device is in its ring, and which other rules it matches. */
export function explainedText({ device, ring, rule, candidates }: ExplainedDevice): string {
  const why =
    rule === null
      ? 'by no rule: it is in the ring of the proxy that it asks'
      : `by the rule "${rule.name}", approved in ${rule.changeRequest ?? 'no change request'}`;
  const head = `${device} is in ${ring === null ? 'no ring' : `ring ${ring}`} ${why}\n`;
  const others = candidates.filter(({ name, ring: its }) => name !== rule?.name || its !== rule.ring);
  return others.length === 0
    ? head
    : `${head}\nIt matches as well, later or from elsewhere only:\n${membersTable(others)}`;
}
