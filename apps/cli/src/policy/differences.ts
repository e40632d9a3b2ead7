import type { Item } from '../api/types.js';
import { asAsked, rulesText } from './approval-rules.js';
import { readMemberRule } from './member-rules.js';
import type { Policy, PolicyOverride } from './policy.js';

/** One thing that is otherwise in the file than in the ring, in words, and the item that asks for it. */
export interface Difference {
  readonly what: string;
  readonly old: string;
  readonly new: string;
  readonly item: Item;
}

/** What applying would change, in the file's order: the access policy, what is done about publishers, the lists, the approval policy, the overrides, the members. */
export function differences(inForce: Policy, wanted: Policy): readonly Difference[] {
  return [
    ...accessDifference(inForce, wanted),
    ...publisherDifference(inForce, wanted),
    ...listDifferences(inForce, wanted),
    ...approvalDifference(inForce, wanted),
    ...overrideDifferences(inForce, wanted),
    ...memberDifferences(inForce, wanted),
  ];
}

function accessDifference(inForce: Policy, { access }: Policy): Difference[] {
  if (inForce.access === access) return [];
  return [{ what: 'access', old: inForce.access, new: access, item: { kind: 'access', access } }];
}

function publisherDifference(inForce: Policy, { publisherChanges }: Policy): Difference[] {
  const old = inForce.publisherChanges;
  if (publisherChanges === null || old === null || old === publisherChanges) return [];
  const item = { kind: 'publisher-changes', publisherChanges } as const;
  return [{ what: 'publisher-changes', old, new: publisherChanges, item }];
}

type List = 'deny' | 'allow';

function listDifferences(inForce: Policy, wanted: Policy): Difference[] {
  const [was, will] = [listed(inForce), listed(wanted)];
  const snaps = [...new Set([...was.keys(), ...will.keys()])].sort();
  return snaps.flatMap((snap): Difference[] => {
    const [old, now] = [was.get(snap), will.get(snap)];
    const kind = now ?? old;
    if (old === now || kind === undefined) return [];
    const item = { kind, snap, listed: now !== undefined };
    return [{ what: `list of ${snap}`, old: old ?? 'none', new: now ?? 'none', item }];
  });
}

function listed({ denied, allowed }: Policy): ReadonlyMap<string, List> {
  return new Map<string, List>([
    ...denied.map((snap) => [snap, 'deny'] as const),
    ...allowed.map((snap) => [snap, 'allow'] as const),
  ]);
}

function approvalDifference(inForce: Policy, { approvals: rules }: Policy): Difference[] {
  if (rules === null || inForce.approvals === null) return [];
  const [old, now] = [rulesText(inForce.approvals), rulesText(rules)];
  if (old === now) return [];
  return [{ what: 'approvals', old, new: now, item: { kind: 'approval-policy', rules: asAsked(rules) } }];
}

function overrideDifferences(inForce: Policy, wanted: Policy): Difference[] {
  const [was, will] = [byPlace(inForce), byPlace(wanted)];
  const places = new Map([...was, ...will]);
  return [...places]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([place, { snap, channel, architecture }]): Difference[] => {
      const old = was.get(place)?.revision ?? null;
      const now = will.get(place)?.revision ?? null;
      if (old === now) return [];
      const item = { snap, channel, architecture, revision: now };
      return [{ what: place, old: revisionText(old), new: revisionText(now), item }];
    });
}

/** Of a list the rule alone is compared: which version of it was approved is not in the file. */
function memberDifferences(inForce: Policy, wanted: Policy): Difference[] {
  if (inForce.members === null || wanted.members === null) return [];
  const [was, will] = [new Set(inForce.members), new Set(wanted.members)];
  return [...was.symmetricDifference(will)].sort().flatMap((name): Difference[] => {
    const rule = readMemberRule(name);
    if (!rule) return [];
    const members = will.has(name);
    const [old, now] = members ? ['none', 'members'] : ['members', 'none'];
    return [{ what: name, old, new: now, item: { ...rule.item, members } }];
  });
}

function byPlace({ overrides }: Policy): ReadonlyMap<string, PolicyOverride> {
  return new Map(overrides.map((each) => [`${each.snap} ${each.channel} ${each.architecture}`, each]));
}

function revisionText(revision: number | null): string {
  return revision === null ? 'upstream' : String(revision);
}
