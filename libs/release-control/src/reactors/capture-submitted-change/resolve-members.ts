import type { DeviceList } from '#fleet/published';
import type { MembersItem } from '../../domain/change-request/change-item.js';
import type { MembersChange } from '../../domain/change-request/events.js';
import { ReleaseControlError } from '../../domain/errors.js';
import { conflictsOf, ringRuleText } from '../../domain/membership/conflicts.js';
import type { RingRule } from '../../domain/membership/order.js';
import { checkRule, ruleName, type AskedRule, type MembershipRule } from '../../domain/membership/rule.js';
import type { ReleasePolicy } from '../../domain/release-policy/state.js';

/** What resolving a rule of membership needs to know of the rest of the site. */
export interface Membership {
  /** All rings, in the order in which releases go through them. */
  rings(): Promise<readonly string[]>;
  policyOf(ring: string): Promise<ReleasePolicy>;
  /** All versions of a list; none for a list that there is not. */
  list(name: string): Promise<DeviceList>;
  /** Those of a version. */
  devices(list: string, version: number): Promise<readonly string[]>;
}

/**
 * The rule as it is to be, of a list its newest version, and which rules of other rings it meets.
 * @throws ReleaseControlError `no-such-member` for a rule that is to go and is not there, `membership-shadowed` for one that would have no effect
 */
export async function resolveMembers(
  { rule: asked, members }: MembersItem,
  ring: string,
  policy: ReleasePolicy,
  membership: Membership,
): Promise<MembersChange> {
  const rule = checkRule(asked);
  const name = ruleName(rule);
  const old = policy.members.get(name)?.rule ?? null;
  if (!members) {
    if (old) return { kind: 'members', name, old, new: null };
    throw new ReleaseControlError('no-such-member', `ring ${ring} has no rule "${name}"`);
  }
  const added = { ring, rule: await pinned(rule, membership) };
  const { shadowedBy, takesFrom } = await conflicts(added, membership);
  const [first] = shadowedBy;
  if (first)
    throw new ReleaseControlError(
      'membership-shadowed',
      `"${name}" would have no effect in ring ${ring}: its devices are in ${shadowedBy.map(ringRuleText).join(' and ')}, which comes first; take them out there, or name them more closely here`,
    );
  return {
    kind: 'members',
    name,
    old,
    new: added.rule,
    takesFrom: [...named(takesFrom), UNNAMED],
  };
}

/** Rules that a record names as losing devices. */
const MOST_NAMED = 20;

/** Which devices no rule names is known to nobody before they ask: that they change rings as well is said of each rule. */
const UNNAMED = 'the rings of their proxies, where no rule names them';

function named(losing: readonly RingRule[]): readonly string[] {
  const more = losing.length - MOST_NAMED;
  const texts = losing.slice(0, MOST_NAMED).map(ringRuleText);
  return more > 0 ? [...texts, `${more} more ${more === 1 ? 'rule' : 'rules'}`] : texts;
}

/**
 * The rules of other rings that lose devices to a change by now, and did not when it was captured: whoever signed it was not told of them.
 * @returns as people read them; none for a rule that goes, and for a record that names as much
 */
export async function takenSince(
  { new: rule, takesFrom = [] }: MembersChange,
  ring: string,
  membership: Membership,
): Promise<readonly string[]> {
  if (rule === null) return [];
  const now = await conflicts({ ring, rule }, membership);
  return named(now.takesFrom).filter((text) => !takesFrom.includes(text));
}

async function pinned(rule: AskedRule, membership: Membership): Promise<MembershipRule> {
  if (rule.of !== 'list') return rule;
  const newest = (await membership.list(rule.list)).at(-1);
  if (!newest)
    throw new ReleaseControlError(
      'no-such-member',
      `there is no list of devices "${rule.list}": import it first`,
    );
  const { version, digest, count } = newest;
  return { ...rule, version, digest, count };
}

async function conflicts(added: RingRule, membership: Membership): Promise<ReturnType<typeof conflictsOf>> {
  const rings = await membership.rings();
  const others: RingRule[] = [];
  for (const ring of rings) {
    if (ring === added.ring) continue;
    const { members } = await membership.policyOf(ring);
    others.push(...[...members.values()].map(({ rule }) => ({ ring, rule })));
  }
  const lists = new Map<string, ReadonlySet<string>>();
  for (const { rule } of [added, ...others]) {
    if (rule.of !== 'list') continue;
    const key = `${rule.list} ${rule.version}`;
    if (!lists.has(key)) lists.set(key, new Set(await membership.devices(rule.list, rule.version)));
  }
  const devicesOf = (list: string, version: number) => lists.get(`${list} ${version}`) ?? new Set<string>();
  return conflictsOf(added, others, devicesOf, rings);
}
