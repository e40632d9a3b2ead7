import type { Rings } from '#fleet/published';
import { inOrder, type RingRule } from '../domain/membership/order.js';
import { ruleName, type MembershipRule } from '../domain/membership/rule.js';
import type { MembershipDocument } from './document.js';

/** Who is in which ring, as it was folded. */
export interface SiteRules {
  readonly rings: Rings;
  /** The members of each ring, by their rules. */
  readonly members: ReadonlyMap<string, readonly MembershipRule[]>;
}

/** What a membership document says. */
export interface SiteMembership extends SiteRules {
  /** Of each list, the versions that rules name. */
  readonly lists: ReadonlyMap<
    string,
    readonly { readonly version: number; readonly devices: readonly string[] }[]
  >;
}

/**
 * The document that says it, at a position of the ledger. The same history gives the same bytes, always.
 * @throws as {@link orderedLists}
 */
export function buildMembership(
  membership: SiteMembership,
  at: Pick<MembershipDocument, 'origin' | 'position' | 'root'>,
): MembershipDocument {
  return { v: 1, ...at, ...orderedRules(membership), lists: orderedLists(membership) };
}

/** The rules in their order. */
export function orderedRules({ rings, members }: SiteRules): Pick<MembershipDocument, 'rings' | 'rules'> {
  const rules: RingRule[] = [...members].flatMap(([ring, its]) => its.map((rule) => ({ ring, rule })));
  const ordered = inOrder(rules, rings);
  return { rings, rules: ordered.map(({ ring, rule }) => ({ ...rule, ring, name: ruleName(rule) })) };
}

/** The lists that rules name, each version once, in order. @throws Error for a version that is not there */
export function orderedLists({
  members,
  lists,
}: Pick<SiteMembership, 'members' | 'lists'>): MembershipDocument['lists'] {
  return namedVersions({ members }).map(({ list, version }) => {
    return { list, version, devices: devicesOf(lists, list, version) };
  });
}

/** The versions of lists that rules name, each once, in order. */
export function namedVersions({ members }: Pick<SiteRules, 'members'>): readonly ListedVersion[] {
  const named = new Map<string, ListedVersion>();
  for (const rule of [...members.values()].flat())
    if (rule.of === 'list')
      named.set(`${rule.list} ${rule.version}`, { list: rule.list, version: rule.version });
  return [...named.values()].sort((a, b) =>
    a.list === b.list ? a.version - b.version : a.list < b.list ? -1 : 1,
  );
}

interface ListedVersion {
  readonly list: string;
  readonly version: number;
}

/** @throws Error for a version that was never imported: a rule is made of one that was, so that the history is not this site's */
function devicesOf(lists: SiteMembership['lists'], list: string, version: number): readonly string[] {
  const found = lists.get(list)?.find((each) => each.version === version);
  if (!found)
    throw new Error(`a rule names version ${version} of the list ${list}, which was never imported`);
  return found.devices;
}
