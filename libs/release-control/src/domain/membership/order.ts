import { readNetwork } from '#kernel';
import { ruleName, type MembershipRule } from './rule.js';

/** A rule, and the ring whose devices it names. */
export interface RingRule {
  readonly ring: string;
  readonly rule: MembershipRule;
}

/**
 * All rules in the order in which a device is looked for: the first that it matches says its ring. The nearer a rule is to one device, the earlier:
 * serials, then lists, then models; of these the narrowed ones first, the smallest network before larger ones; of equals, that of the ring that
 * releases reach last. So a device goes to a later ring in one step, and is at no moment without a ring.
 * @param rings in the order in which releases go through them
 */
export function inOrder(rules: readonly RingRule[], rings: readonly string[]): readonly RingRule[] {
  return rules.toSorted((a, b) => before(a, b, rings));
}

/** Which of two rules is looked at first: negative for `a`. Never 0 for two different ones. */
export function before(a: RingRule, b: RingRule, rings: readonly string[]): number {
  const [ranks, others] = [ranksOf(a, rings), ranksOf(b, rings)];
  const at = ranks.findIndex((rank, i) => rank !== others[i]);
  if (at >= 0) return (ranks[at] ?? 0) - (others[at] ?? 0);
  return ruleName(a.rule) < ruleName(b.rule) ? -1 : 1;
}

const NEARNESS = { serial: 0, list: 1, model: 2 } as const satisfies Record<MembershipRule['of'], number>;

function ranksOf({ ring, rule }: RingRule, rings: readonly string[]): readonly number[] {
  const network = rule.network === undefined ? undefined : readNetwork(rule.network);
  const prefix = typeof network === 'object' ? network.prefix : 0;
  return [NEARNESS[rule.of], rule.host === undefined ? 1 : 0, -prefix, -rings.indexOf(ring)];
}
