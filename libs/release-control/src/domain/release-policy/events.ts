import type { DomainEvent } from '#kernel';
import type { Access, Listing, PublisherChanges } from '../../access.js';
import type { ReleaseTarget, Subject } from '../../release-target.js';
import type { ApprovalRules } from '../approval-policy/approval-policy.js';
import type { Choice } from '../change-request/events.js';
import type { MembershipRule } from '../membership/rule.js';
import type { Template, TemplateRef, TemplateSigner } from '../template/template.js';

/** A ring's choice of version for a target, whatever upstream released. */
export type OverrideSet = DomainEvent<
  'OverrideSet',
  {
    readonly target: ReleaseTarget;
    readonly name: string;
    readonly old: Choice | null;
    readonly new: Choice;
    readonly changeRequest: string;
  }
>;
/** Upstream decides again. */
export type OverrideRemoved = DomainEvent<
  'OverrideRemoved',
  {
    readonly target: ReleaseTarget;
    readonly name: string;
    readonly old: Choice;
    readonly new: null;
    readonly changeRequest: string;
  }
>;
/** A ring begins `open`. */
export type AccessPolicySet = DomainEvent<
  'AccessPolicySet',
  { readonly old: Access; readonly new: Access; readonly changeRequest: string }
>;

interface ListingData<Old extends Listing | null, New extends Listing | null> extends Subject {
  /** As it was when it was resolved: a label. */
  readonly name: string;
  /** `null`: on none of the ring's lists. */
  readonly old: Old;
  readonly new: New;
  readonly changeRequest: string;
}
/** Never served in this ring from now on, overrides or not. */
export type SnapDenied = DomainEvent<'SnapDenied', ListingData<Listing | null, 'denied'>>;
/** Answered as in an open ring from now on. */
export type SnapAllowed = DomainEvent<'SnapAllowed', ListingData<Listing | null, 'allowed'>>;
/** On no list any more: the ring's overrides and access policy decide. */
export type SnapUnlisted = DomainEvent<'SnapUnlisted', ListingData<Listing, null>>;

/** A ring begins with `keep`. `at`: what was recorded before it blocks nothing. */
export type PublisherChangesSet = DomainEvent<
  'PublisherChangesSet',
  {
    readonly old: PublisherChanges;
    readonly new: PublisherChanges;
    readonly at: string;
    readonly changeRequest: string;
  }
>;
/** Its publisher or the store did something, and the ring blocks such snaps: never served, until it is unblocked. Once for each cause. */
export type SnapBlocked = DomainEvent<
  'SnapBlocked',
  Subject & {
    readonly name: string;
    readonly old: 'blocked' | null;
    readonly new: 'blocked';
    readonly because: BlockCause;
    /** The one that set the ring to block. */
    readonly changeRequest: string;
  }
>;
/** A change request sets an override for it anew, or lifts the block. */
export type SnapUnblocked = DomainEvent<
  'SnapUnblocked',
  Subject & {
    readonly name: string;
    readonly old: 'blocked';
    readonly new: null;
    readonly changeRequest: string;
  }
>;

/** What it takes from now on for a change of this ring to be approved. A ring begins with version 0: one approver. */
export type ApprovalPolicySet = DomainEvent<
  'ApprovalPolicySet',
  {
    readonly old: ApprovalRules;
    readonly new: ApprovalRules;
    readonly version: number;
    readonly changeRequest: string;
  }
>;

/** Who stopped it, when and why, for whoever is to say that it goes on. */
export type Halt = {
  readonly id: string;
  /** RFC 3339, UTC. */
  readonly at: string;
  /** The person's name; of the worker, what it did it for. */
  readonly by: string;
  /** The beginning of their reason: the event's own has all of it. */
  readonly why: string;
  /** Of a halt for want of a ratification, ids of who wrote and who released what was not ratified: they do not say that the ring goes on. */
  readonly concerns?: readonly string[];
};

/** What was released in an emergency took effect in this append; ratified or not, the ring remembers until when it is to be. */
export type EmergencyApplied = DomainEvent<
  'EmergencyApplied',
  { readonly changeRequest: string; readonly ratifyBy: string }
>;

/** Nothing is given out in the ring from now on, until it is resumed; what devices have, they keep. `old` and `new` are ids of halts. */
export type RingHalted = DomainEvent<
  'RingHalted',
  {
    readonly halt: Halt;
    readonly old: readonly string[];
    readonly new: readonly string[];
    /** The change request that was released and not ratified, where the worker halted for want of it. */
    readonly unratified?: string;
  }
>;
/** The same of one snap. */
export type SnapHalted = DomainEvent<
  'SnapHalted',
  Subject & {
    readonly name: string;
    readonly halt: Halt;
    readonly old: readonly string[];
    readonly new: readonly string[];
  }
>;
/** By a change request, which names the halts that it ends. */
export type RingResumed = DomainEvent<
  'RingResumed',
  { readonly old: readonly string[]; readonly new: readonly []; readonly changeRequest: string }
>;
export type SnapResumed = DomainEvent<
  'SnapResumed',
  Subject & {
    readonly name: string;
    readonly old: readonly string[];
    readonly new: readonly [];
    readonly changeRequest: string;
  }
>;

/** Devices are members of the ring by this rule, in the place of the one of the same name. */
export type MembershipRuleSet = DomainEvent<
  'MembershipRuleSet',
  {
    readonly name: string;
    readonly old: MembershipRule | null;
    readonly new: MembershipRule;
    readonly changeRequest: string;
  }
>;
export type MembershipRuleRemoved = DomainEvent<
  'MembershipRuleRemoved',
  {
    readonly name: string;
    readonly old: MembershipRule;
    readonly new: null;
    readonly changeRequest: string;
  }
>;

/** A standard change is approved once, in the place of the template of the same name: each use takes effect within its limits without a further approval. */
export type TemplateSet = DomainEvent<
  'TemplateSet',
  TemplateRef & {
    readonly old: Template | null;
    readonly new: Template;
    /** All whose signatures stand in the request. */
    readonly approvedBy: readonly TemplateSigner[];
    readonly changeRequest: string;
  }
>;
/** One person took it away, at once. */
export type TemplateWithdrawn = DomainEvent<
  'TemplateWithdrawn',
  TemplateRef & {
    readonly old: Template;
    readonly new: null;
    readonly by: { readonly id: string; readonly name: string };
  }
>;
/** What was asked for under a template took effect in this append. */
export type TemplateUsed = DomainEvent<
  'TemplateUsed',
  TemplateRef & { readonly changeRequest: string; readonly at: string }
>;

/** The event, about the snap upstream, that it is blocked for. */
export interface BlockCause {
  readonly event: string;
  readonly type: string;
  readonly at: string;
}

export type ReleasePolicyEvent =
  | OverrideSet
  | OverrideRemoved
  | AccessPolicySet
  | SnapDenied
  | SnapAllowed
  | SnapUnlisted
  | PublisherChangesSet
  | SnapBlocked
  | SnapUnblocked
  | ApprovalPolicySet
  | EmergencyApplied
  | RingHalted
  | SnapHalted
  | RingResumed
  | SnapResumed
  | MembershipRuleSet
  | MembershipRuleRemoved
  | TemplateSet
  | TemplateWithdrawn
  | TemplateUsed;
