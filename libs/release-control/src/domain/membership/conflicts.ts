import { before, type RingRule } from './order.js';
import { ruleName } from './rule.js';

/** What a new rule meets in other rings, as far as rules can say it: devices that a list and a model have in common are found as they ask. */
export interface Conflicts {
  /** Rules that are looked at first, for all of the same devices: the new one would have no effect. */
  readonly shadowedBy: readonly RingRule[];
  /** Rules that lose devices to the new one. */
  readonly takesFrom: readonly RingRule[];
}

/**
 * @param others of all other rings
 * @param devicesOf the devices of a list's version, as `brand/model/serial`
 * @param rings in the order in which releases go through them
 */
export function conflictsOf(
  added: RingRule,
  others: readonly RingRule[],
  devicesOf: (list: string, version: number) => ReadonlySet<string>,
  rings: readonly string[],
): Conflicts {
  const meeting = others.filter((other) => overlap(added, other, devicesOf));
  const [earlier, later] = [
    meeting.filter((other) => before(other, added, rings) < 0),
    meeting.filter((other) => before(other, added, rings) > 0),
  ];
  return { shadowedBy: earlier.filter((other) => covers(other, added, devicesOf)), takesFrom: later };
}

type DevicesOf = (list: string, version: number) => ReadonlySet<string>;

/** Whether some device may match both. Narrowings may always meet. */
function overlap({ rule: a }: RingRule, { rule: b }: RingRule, devicesOf: DevicesOf): boolean {
  const [aSet, bSet] = [named(a, devicesOf), named(b, devicesOf)];
  if (aSet && bSet) {
    const [small, large] = aSet.size < bSet.size ? [aSet, bSet] : [bSet, aSet];
    return [...small].some((device) => large.has(device));
  }
  if (!aSet && !bSet) return modelOf(a) === modelOf(b);
  const model = `${aSet ? modelOf(b) : modelOf(a)}/`;
  return [...(aSet ?? bSet ?? [])].some((device) => device.startsWith(model));
}

/** Whether all that match `b` match `a`. */
function covers({ rule: a }: RingRule, { rule: b }: RingRule, devicesOf: DevicesOf): boolean {
  if (a.network !== undefined && a.network !== b.network) return false;
  if (a.host !== undefined && a.host !== b.host) return false;
  const [aSet, bSet] = [named(a, devicesOf), named(b, devicesOf)];
  if (aSet && bSet) return [...bSet].every((device) => aSet.has(device));
  if (!aSet && bSet) return [...bSet].every((device) => device.startsWith(`${modelOf(a)}/`));
  return !aSet && !bSet && modelOf(a) === modelOf(b);
}

/** The devices that a rule names one by one; undefined for all of a model. */
function named(rule: RingRule['rule'], devicesOf: DevicesOf): ReadonlySet<string> | undefined {
  switch (rule.of) {
    case 'serial':
      return new Set([`${rule.brand}/${rule.model}/${rule.serial}`]);
    case 'list':
      return devicesOf(rule.list, rule.version);
    case 'model':
      return undefined;
  }
}

function modelOf(rule: RingRule['rule']): string {
  return rule.of === 'list' ? '' : `${rule.brand}/${rule.model}`;
}

/** As people read it. */
export function ringRuleText({ ring, rule }: RingRule): string {
  return `ring ${ring} (${ruleName(rule)})`;
}
