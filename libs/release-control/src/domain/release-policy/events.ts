import type { DomainEvent } from '#kernel';
import type { Access, Listing } from '../../access.js';
import type { ReleaseTarget, Subject } from '../../release-target.js';
import type { Choice } from '../change-request/events.js';

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

export type ReleasePolicyEvent =
  OverrideSet | OverrideRemoved | AccessPolicySet | SnapDenied | SnapAllowed | SnapUnlisted;
