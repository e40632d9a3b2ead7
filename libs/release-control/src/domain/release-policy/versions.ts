import type { ReleasePolicyEvent } from './events.js';

/** Of each event's data; apart from the decider, for what reads a ring's history and decides nothing. */
export const POLICY_VERSIONS: { readonly [Type in ReleasePolicyEvent['type']]: number } = {
  OverrideSet: 2,
  OverrideRemoved: 2,
  AccessPolicySet: 1,
  SnapDenied: 1,
  SnapAllowed: 1,
  SnapUnlisted: 1,
  PublisherChangesSet: 1,
  SnapBlocked: 1,
  SnapUnblocked: 1,
  ApprovalPolicySet: 7,
  EmergencyApplied: 1,
  RingHalted: 2,
  SnapHalted: 1,
  RingResumed: 1,
  SnapResumed: 1,
  MembershipRuleSet: 1,
  MembershipRuleRemoved: 1,
  TemplateSet: 1,
  TemplateWithdrawn: 1,
  TemplateUsed: 1,
};
