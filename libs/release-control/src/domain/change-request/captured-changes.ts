import { bytesOf, type Reason } from '#kernel';
import { sameRules, textOf } from '../approval-policy/approval-policy.js';
import { subjectKey, targetKey } from '../../release-target.js';
import { sameTemplate, templateText } from '../template/template.js';
import { sameMembers, type MembershipRule } from '../membership/rule.js';
import type { Choice, ResolvedChange } from './events.js';
import { sameExpiry, whyOver, type HoldExpiry } from './hold-expiry.js';

/** Two items may say the same in other words, as `stable` and `latest/stable` do. */
export function distinct(changes: readonly ResolvedChange[]): readonly ResolvedChange[] {
  const said = (change: ResolvedChange) => `${placeOf(change)} ${newValue(change)}`;
  return [...new Map(changes.map((change) => [said(change), change])).values()];
}

/** Two and a half targets for each item: revisions of several architectures. */
export const MOST_CHANGES = 5_000;

/** What applying them may take: an append of at most 8 MiB, an event for each change. What was approved must fit. */
const MOST_APPLIED_BYTES = 8_000_000;

/** Of such an event, without its change and the reason: ids, times, the actor, the request's number. */
const HEAD_BYTES = 900;

/**
 * Why what the items were resolved to cannot be approved as one change; undefined when it can.
 * @param reason of the request: each event of the apply says it
 * @param now RFC 3339
 */
export function problemWith(
  changes: readonly ResolvedChange[],
  reason: Reason,
  now: string,
): { readonly code: string; readonly message: string } | undefined {
  const seen = new Map<string, ResolvedChange>();
  for (const change of changes) {
    const place = placeOf(change);
    const other = seen.get(place);
    if (other) {
      return {
        code: 'ambiguous-target',
        message: `${nameOf(change)} is named twice, with ${newName(other)} and with ${newName(change)}`,
      };
    }
    seen.set(place, change);
    if (change.kind !== undefined || !change.new?.expiry) continue;
    const over = whyOver(nameOf(change), change.new.expiry, now);
    if (over !== undefined) return { code: 'invalid-items', message: over };
  }
  if (changes.length > MOST_CHANGES) {
    return {
      code: 'too-many-targets',
      message: `the items mean ${changes.length} targets, at most ${MOST_CHANGES} make one request: split it`,
    };
  }
  const bytes = changes.reduce((sum, change) => sum + bytesOf(asApplied(change)), 0);
  const applied = bytes + changes.length * (HEAD_BYTES + bytesOf(reason));
  if (applied > MOST_APPLIED_BYTES) {
    return {
      code: 'too-many-targets',
      message: `${changes.length} targets, each recorded with the reason, take ${applied} bytes, at most ${MOST_APPLIED_BYTES} make one request: split it, or say why in fewer words`,
    };
  }
  if (changes.every(isUnchanged)) {
    return { code: 'nothing-to-change', message: 'the ring already is as this request wants it' };
  }
  return undefined;
}

/** How a version differs from another, and which ring loses devices, is for those who decide, and no part of the policy. */
function asApplied(change: ResolvedChange): ResolvedChange {
  if (change.kind === 'members') {
    const { takesFrom: _, ...applied } = change;
    return applied;
  }
  if (change.kind !== undefined) return change;
  const { difference: _, ...applied } = change;
  return applied;
}

/** Whether the ring has the new value already. */
export function isUnchanged(change: ResolvedChange): boolean {
  switch (change.kind) {
    case undefined:
      return sameChoice(change.old, change.new);
    case 'approval-policy':
      return sameRules(change.old, change.new);
    case 'members':
      return sameMembers(change.old, change.new);
    case 'template':
      return sameTemplate(change.old, change.new);
    case 'access':
    case 'listing':
    case 'publisher-changes':
    case 'block':
      return change.old === change.new;
    case 'ring-halt':
    case 'halt':
      return change.old.length === 0;
  }
}

/** A version that was captured again is another choice, and so is one that is held until another time. */
export function sameChoice(a: Choice | null, b: Choice | null): boolean {
  const same = a?.version === b?.version && a?.manifest === b?.manifest;
  return same && sameExpiry(a?.expiry, b?.expiry);
}

/** What of the ring's policy it changes: no request may name one place twice. */
function placeOf(change: ResolvedChange): string {
  const ring = 'ring' in change ? (change.ring ?? '') : '';
  return `${ring} ${placeInRing(change)}`;
}

function placeInRing(change: ResolvedChange): string {
  switch (change.kind) {
    case undefined:
      return `override ${targetKey(change.target)}`;
    case 'access':
      return 'access';
    case 'listing':
      return `listing ${subjectKey(change)}`;
    case 'publisher-changes':
    case 'approval-policy':
      return change.kind;
    case 'block':
      return `block ${subjectKey(change)}`;
    case 'ring-halt':
      return change.kind;
    case 'halt':
      return `halt ${subjectKey(change)}`;
    case 'members':
      return `members ${change.name}`;
    case 'template':
      return `template ${change.name}`;
  }
}

function newValue(change: ResolvedChange): string {
  switch (change.kind) {
    case undefined:
      return change.new ? `${change.new.manifest} ${expiryText(change.new.expiry)}` : 'none';
    case 'approval-policy':
      return textOf(change.new);
    case 'template':
      return templateText(change.new);
    case 'access':
    case 'listing':
    case 'publisher-changes':
    case 'block':
    case 'ring-halt':
    case 'halt':
    case 'members':
      return newName(change);
  }
}

function nameOf(change: ResolvedChange): string {
  switch (change.kind) {
    case undefined:
      return `${change.name} on ${change.target.channel} for ${change.target.architecture}`;
    case 'access':
      return 'the access policy';
    case 'publisher-changes':
      return 'what is done about publishers';
    case 'approval-policy':
      return 'the approval policy';
    case 'ring-halt':
      return 'that the ring is halted';
    case 'template':
      return `the template ${change.name}`;
    case 'listing':
    case 'block':
    case 'halt':
    case 'members':
      return change.name;
  }
}

function newName(change: ResolvedChange): string {
  switch (change.kind) {
    case undefined:
      return change.new ? `${change.new.version} ${expiryText(change.new.expiry)}`.trimEnd() : 'none';
    case 'access':
    case 'publisher-changes':
      return change.new;
    case 'block':
      return 'no block';
    case 'approval-policy':
      return 'other rules';
    case 'template':
      return 'another template';
    case 'ring-halt':
    case 'halt':
      return 'no halt';
    case 'listing':
      return change.new ?? 'no list';
    case 'members':
      return change.new ? versionOf(change.new) : 'no rule';
  }
}

function versionOf(rule: MembershipRule): string {
  return rule.of === 'list' ? `version ${rule.version}` : 'a rule';
}

function expiryText(expiry: HoldExpiry | undefined): string {
  return expiry ? `until ${expiry.at}, then ${expiry.action}` : '';
}
