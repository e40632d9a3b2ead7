import { statedBefore, type StatedBefore, type StatedBeforeIn } from '#kernel';
import { subjectKey, type ReleaseTarget, type Subject } from '../../release-target.js';
import { rulesOf } from '../approval-policy/approval-policy.js';
import type { Choice } from '../change-request/events.js';
import type { MembershipRule } from '../membership/rule.js';
import type { ReleasePolicyEvent, TemplateSet, TemplateWithdrawn } from './events.js';
import { haltsOf, idsOf } from './halting.js';
import { choiceFor, listingOf, type ReleasePolicy } from './state.js';

/** What events of a ring's policy say was before them (R03). */
export const statedOfReleasePolicy: StatedBeforeIn<ReleasePolicyEvent, ReleasePolicy> = {
  OverrideSet: choiceBefore,
  OverrideRemoved: choiceBefore,
  AccessPolicySet: ({ old }, { access }) => [statedBefore('old', old, access)],
  SnapDenied: listingBefore,
  SnapAllowed: listingBefore,
  SnapUnlisted: listingBefore,
  PublisherChangesSet: ({ old }, { publisherChanges }) => [statedBefore('old', old, publisherChanges.value)],
  SnapBlocked: blockBefore,
  SnapUnblocked: blockBefore,
  ApprovalPolicySet: ({ old, version }, { approval }) => [
    statedBefore('old', rulesOf(old), rulesOf(approval)),
    statedBefore('version', version - 1, approval.version),
  ],
  EmergencyApplied: null,
  RingHalted: ({ old }, { halts }) => [statedBefore('old', old, idsOf(halts))],
  RingResumed: ({ old }, { halts }) => [statedBefore('old', old, idsOf(halts))],
  SnapHalted: haltsBefore,
  SnapResumed: haltsBefore,
  MembershipRuleSet: ruleBefore,
  MembershipRuleRemoved: ruleBefore,
  TemplateSet: templateBefore,
  TemplateWithdrawn: templateBefore,
  TemplateUsed: null,
};

function choiceBefore(
  { target, old }: { readonly target: ReleaseTarget; readonly old: Choice | null },
  policy: ReleasePolicy,
): StatedBefore[] {
  return [statedBefore('old', whatIsHeld(old), whatIsHeld(choiceFor(policy, target)))];
}

/** What makes two choices the same one: the rest is in the manifest, and older events do not say it. */
function whatIsHeld(choice: Choice | null): Pick<Choice, 'version' | 'manifest' | 'expiry'> | null {
  if (choice === null) return null;
  const { version, manifest, expiry } = choice;
  return { version, manifest, ...(expiry ? { expiry } : {}) };
}

function listingBefore(data: Subject & { readonly old: unknown }, policy: ReleasePolicy): StatedBefore[] {
  return [statedBefore('old', data.old, listingOf(policy, data))];
}

function blockBefore(data: Subject & { readonly old: unknown }, { blocked }: ReleasePolicy): StatedBefore[] {
  return [statedBefore('old', data.old, blocked.has(subjectKey(data)) ? 'blocked' : null)];
}

function haltsBefore(data: Subject & { readonly old: unknown }, policy: ReleasePolicy): StatedBefore[] {
  return [statedBefore('old', data.old, idsOf(haltsOf(policy, data)))];
}

/** What is set is one version more than the last; what is withdrawn is the last. */
function templateBefore(
  { name, version, old, new: now }: TemplateSet['data'] | TemplateWithdrawn['data'],
  { templates }: ReleasePolicy,
): StatedBefore[] {
  const standing = templates.get(name);
  return [
    statedBefore('old', old, standing?.granted?.template ?? null),
    statedBefore('version', now === null ? version : version - 1, standing?.version ?? 0),
  ];
}

function ruleBefore(
  { name, old }: { readonly name: string; readonly old: MembershipRule | null },
  { members }: ReleasePolicy,
): StatedBefore[] {
  return [statedBefore('old', old, members.get(name)?.rule)];
}
