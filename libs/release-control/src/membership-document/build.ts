import type { DeviceList, Rings } from '#fleet/published';
import { inOrder, type RingRule } from '../domain/membership/order.js';
import { ruleName, type MembershipRule } from '../domain/membership/rule.js';
import type { MembershipDocument } from './document.js';

/** What a membership document says, as it was folded. */
export interface SiteMembership {
  readonly rings: Rings;
  /** The members of each ring, by their rules. */
  readonly members: ReadonlyMap<string, readonly MembershipRule[]>;
  readonly lists: ReadonlyMap<string, DeviceList>;
}

/** The document that says it, at a position of the ledger. The same history gives the same bytes, always. */
export function buildMembership(
  membership: SiteMembership,
  at: Pick<MembershipDocument, 'origin' | 'position' | 'root'>,
): MembershipDocument {
  return { v: 1, ...at, ...orderedMembership(membership) };
}

/** The rules in their order, with the lists that they name. @throws Error for a version of a list that was never imported */
export function orderedMembership({
  rings,
  members,
  lists,
}: SiteMembership): Pick<MembershipDocument, 'rings' | 'rules' | 'lists'> {
  const rules: RingRule[] = [...members].flatMap(([ring, its]) => its.map((rule) => ({ ring, rule })));
  const ordered = inOrder(rules, rings);
  const named = new Map(
    ordered.flatMap(({ rule }) =>
      rule.of === 'list' ? [[`${rule.list} ${rule.version}`, rule] as const] : [],
    ),
  );
  return {
    rings,
    rules: ordered.map(({ ring, rule }) => ({ ...rule, ring, name: ruleName(rule) })),
    lists: [...named.values()]
      .sort((a, b) => (a.list === b.list ? a.version - b.version : a.list < b.list ? -1 : 1))
      .map(({ list, version }) => ({ list, version, devices: devicesOf(lists, list, version) })),
  };
}

/** @throws Error for a version that was never imported: a rule is made of one that was, so that the history is not this site's */
function devicesOf(lists: SiteMembership['lists'], list: string, version: number): readonly string[] {
  const found = lists.get(list)?.find((each) => each.version === version);
  if (!found)
    throw new Error(`a rule names version ${version} of the list ${list}, which was never imported`);
  return found.devices;
}
