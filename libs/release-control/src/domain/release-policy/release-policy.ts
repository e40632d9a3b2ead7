import type { CommandContext, Decider } from '#kernel';
import { rulesOf, sameRules } from '../approval-policy/approval-policy.js';
import { isUnchanged, sameChoice } from '../change-request/captured-changes.js';
import type { ListingChange, Mismatch, ResolvedChange } from '../change-request/events.js';
import { requireExecutor } from '../executor.js';
import { sameMembers } from '../membership/rule.js';
import { sameTemplate, type TemplateSigner } from '../template/template.js';
import { subjectKey, type Subject } from '../../release-target.js';
import type { BlockCause, ReleasePolicyEvent } from './events.js';
import { ExpectedValueDiffers } from './expected-value-differs.js';
import { endHold, type EndHold } from './end-hold.js';
import { halt, haltsOf, idsOf, sameHalts, type HaltRing, type HaltSnaps } from './halting.js';
import { haltUnratified, type HaltUnratified } from './halt-unratified.js';
import { requireByTemplate, withdraw, type ByTemplate, type WithdrawTemplate } from './templates.js';
import { POLICY_VERSIONS } from './versions.js';
import { choiceFor, emptyPolicy, evolve, evolveAll, listingOf, type ReleasePolicy } from './state.js';

/** Apply an approved change: all of it, in one append, if the ring still is what was approved against. */
export interface ApplyChange {
  readonly type: 'ApplyChange';
  readonly changeRequest: string;
  readonly changes: readonly ResolvedChange[];
  /** Of what was released before it was approved: until when it is to be ratified. */
  readonly ratifyBy?: string;
  /** Of what was approved by a template: asked once more, by the ring, as it takes effect. */
  readonly byTemplate?: ByTemplate;
  /** Whose signatures stand in the request. */
  readonly approvedBy?: readonly TemplateSigner[];
  readonly context: CommandContext;
}

/** The worker found that a snap's publisher or the store did something that a person must look at. */
export interface BlockSnap extends Subject {
  readonly type: 'BlockSnap';
  readonly name: string;
  readonly because: BlockCause;
  readonly context: CommandContext;
}

export type ReleasePolicyCommand =
  ApplyChange | BlockSnap | EndHold | HaltRing | HaltSnaps | HaltUnratified | WithdrawTemplate;

/** @throws ExpectedValueDiffers; TemplateDoesNotApply; ReleaseControlError for a halt, or a withdrawal, that is refused, and `not-the-executor` */
export function decide(command: ReleasePolicyCommand, policy: ReleasePolicy): readonly ReleasePolicyEvent[] {
  requireExecutor(command);
  switch (command.type) {
    case 'ApplyChange':
      return apply(command, policy);
    case 'BlockSnap':
      return block(command, policy);
    case 'EndHold':
      return endHold(command, policy);
    case 'HaltRing':
    case 'HaltSnaps':
      return halt(command, policy);
    case 'HaltUnratified':
      return haltUnratified(command, policy);
    case 'WithdrawTemplate':
      return [withdraw(command, policy)];
  }
}

/** A cause counts once, also after the block was lifted; one from before the ring was set to block does not. */
function block(
  { format, subject, name, because }: BlockSnap,
  { publisherChanges, blocked, blockCauses }: ReleasePolicy,
): ReleasePolicyEvent[] {
  if (publisherChanges.value === 'keep' || because.at < publisherChanges.since) return [];
  if (blockCauses.has(because.event)) return [];
  const old = blocked.has(subjectKey({ format, subject })) ? 'blocked' : null;
  const { changeRequest } = publisherChanges;
  const data = { format, subject, name, old, new: 'blocked', because, changeRequest } as const;
  return [{ type: 'SnapBlocked', data }];
}

/**
 * Each change names the value that it replaces; where the ring has another one by now, nothing of the batch is applied.
 * @throws ExpectedValueDiffers, TemplateDoesNotApply
 */
function apply(command: ApplyChange, policy: ReleasePolicy): readonly ReleasePolicyEvent[] {
  if (policy.applied.has(command.changeRequest)) return [];
  const used = command.byTemplate ? [requireByTemplate(command, command.byTemplate, policy)] : [];
  const mismatches = command.changes.flatMap((change) => mismatch(policy, change));
  if (mismatches.length > 0) throw new ExpectedValueDiffers(command.changeRequest, mismatches);
  const events = command.changes.flatMap((change) => eventsFor(change, command, policy));
  const { changeRequest, ratifyBy } = command;
  if (ratifyBy === undefined) return [...events, ...used];
  return [...events, { type: 'EmergencyApplied', data: { changeRequest, ratifyBy } }];
}

function mismatch(policy: ReleasePolicy, change: ResolvedChange): Mismatch[] {
  switch (change.kind) {
    case undefined: {
      const { target, old } = change;
      const found = choiceFor(policy, target);
      return sameChoice(found, old) ? [] : [{ target, expected: old, found }];
    }
    case 'access': {
      const { kind, old } = change;
      return policy.access === old ? [] : [{ kind, expected: old, found: policy.access }];
    }
    case 'listing': {
      const { kind, format, subject, name, old } = change;
      const found = listingOf(policy, change);
      return found === old ? [] : [{ kind, format, subject, name, expected: old, found }];
    }
    case 'publisher-changes': {
      const { kind, old } = change;
      const found = policy.publisherChanges.value;
      return found === old ? [] : [{ kind, expected: old, found }];
    }
    case 'block': {
      const { kind, format, subject, name, old } = change;
      const blocked = policy.blocked.has(subjectKey(change));
      return blocked ? [] : [{ kind, format, subject, name, expected: old, found: null }];
    }
    case 'approval-policy': {
      const { kind, old } = change;
      const found = rulesOf(policy.approval);
      return sameRules(found, old) ? [] : [{ kind, expected: old, found }];
    }
    case 'ring-halt': {
      const { kind, old } = change;
      return sameHalts(policy.halts, old) ? [] : [{ kind, expected: old, found: policy.halts }];
    }
    case 'halt': {
      const { kind, format, subject, name, old } = change;
      const found = haltsOf(policy, change);
      return sameHalts(found, old) ? [] : [{ kind, format, subject, name, expected: old, found }];
    }
    case 'members': {
      const { kind, name, old } = change;
      const found = policy.members.get(name)?.rule ?? null;
      return sameMembers(found, old) ? [] : [{ kind, name, expected: old, found }];
    }
    case 'template': {
      const { kind, name, old } = change;
      const found = policy.templates.get(name)?.granted?.template ?? null;
      return sameTemplate(found, old) ? [] : [{ kind, name, expected: old, found }];
    }
  }
}

function eventsFor(
  change: ResolvedChange,
  { changeRequest, approvedBy = [], context }: ApplyChange,
  { approval, templates }: ReleasePolicy,
): ReleasePolicyEvent[] {
  switch (change.kind) {
    case undefined: {
      const { target, name, old } = change;
      if (change.new)
        return [{ type: 'OverrideSet', data: { target, name, old, new: change.new, changeRequest } }];
      return old ? [{ type: 'OverrideRemoved', data: { target, name, old, new: null, changeRequest } }] : [];
    }
    case 'access': {
      const data = { old: change.old, new: change.new, changeRequest };
      return isUnchanged(change) ? [] : [{ type: 'AccessPolicySet', data }];
    }
    case 'listing':
      return listingEvents(change, changeRequest);
    case 'publisher-changes': {
      const data = { old: change.old, new: change.new, at: context.at, changeRequest };
      return isUnchanged(change) ? [] : [{ type: 'PublisherChangesSet', data }];
    }
    case 'block': {
      const { format, subject, name, old } = change;
      return [{ type: 'SnapUnblocked', data: { format, subject, name, old, new: null, changeRequest } }];
    }
    case 'approval-policy': {
      const data = { old: change.old, new: change.new, version: approval.version + 1, changeRequest };
      return isUnchanged(change) ? [] : [{ type: 'ApprovalPolicySet', data }];
    }
    case 'ring-halt':
      return [{ type: 'RingResumed', data: { old: idsOf(change.old), new: [], changeRequest } }];
    case 'halt': {
      const { format, subject, name } = change;
      const old = idsOf(change.old);
      return [{ type: 'SnapResumed', data: { format, subject, name, old, new: [], changeRequest } }];
    }
    case 'members': {
      const { name, old } = change;
      if (isUnchanged(change)) return [];
      if (change.new)
        return [{ type: 'MembershipRuleSet', data: { name, old, new: change.new, changeRequest } }];
      return old ? [{ type: 'MembershipRuleRemoved', data: { name, old, new: null, changeRequest } }] : [];
    }
    case 'template': {
      const { name, old } = change;
      const version = (templates.get(name)?.version ?? 0) + 1;
      const data = { name, version, old, new: change.new, approvedBy, changeRequest };
      return [{ type: 'TemplateSet', data }];
    }
  }
}

function listingEvents(change: ListingChange, changeRequest: string): ReleasePolicyEvent[] {
  const { format, subject, name, old } = change;
  const snap = { format, subject, name, changeRequest };
  if (old === change.new) return [];
  switch (change.new) {
    case 'denied':
      return [{ type: 'SnapDenied', data: { ...snap, old, new: change.new } }];
    case 'allowed':
      return [{ type: 'SnapAllowed', data: { ...snap, old, new: change.new } }];
    case null:
      return old ? [{ type: 'SnapUnlisted', data: { ...snap, old, new: null } }] : [];
  }
}

export const releasePolicy: Decider<ReleasePolicyCommand, ReleasePolicyEvent, ReleasePolicy> & {
  evolveAll(policy: ReleasePolicy, events: readonly ReleasePolicyEvent[]): ReleasePolicy;
  readonly versions: { readonly [Type in ReleasePolicyEvent['type']]: number };
  readonly countsPersons: true;
} = {
  countsPersons: true,
  initialState: emptyPolicy,
  decide,
  evolve,
  evolveAll,
  versions: POLICY_VERSIONS,
};

export function releasePolicyStream(ring: string): string {
  return `release-policy/${ring}`;
}
