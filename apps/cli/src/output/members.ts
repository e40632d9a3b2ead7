import type { ExplainedDevice, MemberRule, MembersCount } from '../api/members-types.js';
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

/** How many devices are in which ring, by what their last report is stamped with. */
export function membersCountTable(counts: readonly MembersCount[]): string {
  return table(counts, [
    { header: 'Ring', cell: (row) => row.ring },
    { header: 'Rule', cell: (row) => row.rule ?? 'none: of the proxy' },
    { header: 'Devices', cell: (row) => row.devices },
    { header: 'Unidentified', cell: (row) => row.unidentified },
    { header: 'Last said', cell: (row) => row.lastSaidAt },
  ]);
}

/** In which ring a device is, by which rule and since when: a line. */
export function memberLine({ device, ring, rule, since }: ExplainedDevice): string {
  const why =
    rule === null
      ? 'by no rule: it is in the ring of the proxy that it asks'
      : `by the rule "${rule.name}", approved in ${rule.changeRequest ?? 'no change request'}${since ? `, in force since ${since}` : ''}`;
  return `${device} is in ${ring === null ? 'no ring' : `ring ${ring}`} ${why}\n`;
}

/** Why a device is in its ring, and which other rules it matches. */
export function explainedText(explained: ExplainedDevice): string {
  const { rule, candidates } = explained;
  const head = memberLine(explained);
  const others = candidates.filter(({ name, ring: its }) => name !== rule?.name || its !== rule.ring);
  return others.length === 0
    ? head
    : `${head}\nIt matches as well, later or from elsewhere only:\n${membersTable(others)}`;
}
