import type { DomainEvent, InPart, Reason } from '#kernel';
import type { Access, Listing, PublisherChanges } from '../../access.js';
import type { ReleaseTarget, Subject } from '../../release-target.js';
import type { ApprovalRules } from '../approval-policy/approval-policy.js';
import type { MembershipRule } from '../membership/rule.js';
import type { Template, TemplateRef } from '../template/template.js';
import type { Halt } from '../release-policy/events.js';
import type { ElectronicSignature, SignedUnder } from '../signature.js';
import type { ChangeItem } from './change-item.js';
import type { EmergencyEvent } from './emergency-events.js';
import type { HoldExpiry } from './hold-expiry.js';
import type { Difference } from './difference.js';
import type { Mismatch } from './mismatch.js';
import type { LifeEvent } from './life-events.js';
import type { ApprovalSigned, ChangeReviewed } from './signed-events.js';
import type { Ticket } from './ticket.js';
import type { Stage } from './plan.js';
import type { TemplateEvent } from './template-events.js';
import type { PlanEvent } from './plan-events.js';
import type { ChangeWindow } from './window.js';

/** A choice: a version and the digest of the capture manifest that says what exactly that is. */
export interface Choice {
  readonly version: string;
  readonly manifest: string;
  /** The revision of the declaration that is in the manifest: for a snap, of its snap-declaration. Older records do not say it. */
  readonly declaration?: number;
  /** Absent: it is held for as long as nobody changes it. */
  readonly expiry?: HoldExpiry;
}

/** Of a release plan: the later ring that a change is of. Absent for the request's ring, the first. */
interface InStage {
  readonly ring?: string;
}

/** An override resolved: this target goes from the old choice to the new one. `null`: upstream decides. */
export interface OverrideChange extends InStage {
  readonly kind?: undefined;
  readonly target: ReleaseTarget;
  readonly name: string;
  readonly old: Choice | null;
  readonly new: Choice | null;
  /** Of what gets a version; older records do not say it. */
  readonly difference?: Difference;
}

export interface AccessChange {
  readonly kind: 'access';
  readonly old: Access;
  readonly new: Access;
}

/** This subject goes from one list to another; `null`: on none. */
export interface ListingChange extends Subject {
  readonly kind: 'listing';
  readonly name: string;
  readonly old: Listing | null;
  readonly new: Listing | null;
}

export interface PublisherChangesChange {
  readonly kind: 'publisher-changes';
  readonly old: PublisherChanges;
  readonly new: PublisherChanges;
}

/** A block is lifted: asked for by itself, or with an override that was set anew. */
export interface BlockChange extends Subject, InStage {
  readonly kind: 'block';
  readonly name: string;
  readonly old: 'blocked';
  readonly new: null;
}

export interface ApprovalPolicyChange {
  readonly kind: 'approval-policy';
  readonly old: ApprovalRules;
  readonly new: ApprovalRules;
}

/** The halts that end, with who halted and why: a later one stays, and makes the request stale. */
export interface RingHaltChange {
  readonly kind: 'ring-halt';
  readonly old: readonly Halt[];
  readonly new: readonly [];
}

export interface HaltChange extends Subject {
  readonly kind: 'halt';
  readonly name: string;
  readonly old: readonly Halt[];
  readonly new: readonly [];
}

/** A rule of membership: there is another in its place, or none. */
export interface MembersChange {
  readonly kind: 'members';
  /** What the rule is called. */
  readonly name: string;
  readonly old: MembershipRule | null;
  readonly new: MembershipRule | null;
  /** What loses devices to it, as people read it, for those who decide: rules of other rings, how many more there are than are named, and the rings of proxies. Absent for a rule that goes. */
  readonly takesFrom?: readonly string[];
}

/** A standard change is approved once, for its uses. */
export interface TemplateChange {
  readonly kind: 'template';
  readonly name: string;
  readonly old: Template | null;
  readonly new: Template;
}

/** One item resolved: what it changes, exactly. */
export type ResolvedChange =
  | OverrideChange
  | AccessChange
  | ListingChange
  | PublisherChangesChange
  | BlockChange
  | ApprovalPolicyChange
  | RingHaltChange
  | HaltChange
  | MembersChange
  | TemplateChange;

export interface CaptureFailure {
  readonly item: ChangeItem;
  /** The code of the error that the capture ended with. */
  readonly code: string;
  readonly message: string;
}

export type { Mismatch } from './mismatch.js';

export interface Author {
  readonly id: string;
  readonly name: string;
}

/** Several where there are many items, each with all that is not items. */
export type ChangeDrafted = DomainEvent<
  'ChangeDrafted',
  InPart & {
    readonly id: string;
    readonly ring: string;
    readonly author: Author;
    readonly reason: Reason;
    readonly items: readonly ChangeItem[];
    /** When it may take effect; absent: as soon as it is approved. */
    readonly window?: ChangeWindow;
    /** Id of the request that is over once this one is approved. */
    readonly supersedes?: string;
    /** The record outside that it follows. */
    readonly ticket?: Ticket;
    /** Of a release plan: the rings that get it after `ring`, in order, and what each waits for. */
    readonly stages?: readonly Stage[];
    /** The standard change that it is asked for as. */
    readonly template?: TemplateRef;
  }
>;
/** `submission` counts from 1: after a refused capture the author may submit again. */
export type ChangeSubmitted = DomainEvent<
  'ChangeSubmitted',
  { readonly submission: number; readonly at: string }
>;
/** Its author signed what they say, in the same append as they submitted it. It approves nothing. */
export type ChangeAuthored = DomainEvent<
  'ChangeAuthored',
  Partial<SignedUnder> & { readonly signature: ElectronicSignature }
>;
/** Several where there are many changes. */
export type ArtefactsCaptured = DomainEvent<
  'ArtefactsCaptured',
  InPart & {
    readonly submission: number;
    readonly changes: readonly ResolvedChange[];
    /** SHA-256 of the whole record as it now stands, the changes of all parts in it: what an approver signs. */
    readonly recordDigest: string;
  }
>;
export type CaptureRefused = DomainEvent<
  'CaptureRefused',
  { readonly submission: number; readonly failures: readonly CaptureFailure[] }
>;
/** The signature that completes what the ring's approval policy asks for. Older events do not say what it was made under: one approver's was asked for. */
export type ChangeApproved = DomainEvent<
  'ChangeApproved',
  Partial<SignedUnder> & {
    readonly signature: ElectronicSignature;
    readonly notCounted?: readonly string[];
    /** The policy that it was approved under has it wait until its ticket is approved. */
    readonly awaitsTicket?: true;
  }
>;
export type ChangeRejected = DomainEvent<
  'ChangeRejected',
  Partial<SignedUnder> & { readonly signature: ElectronicSignature }
>;
/** Its author was disabled, and somebody else works on it from now on. */
export type ChangeHandedOver = DomainEvent<
  'ChangeHandedOver',
  { readonly old: Author; readonly new: Author }
>;
/**
 * Before it took effect it was found that who signed wrote it as well, or signed twice, with another account: it waits for signatures again (R27).
 * `notCounted`: whose signatures do not count, by id; `missing`: what is asked for, in words.
 */
export type ApprovalVoided = DomainEvent<
  'ApprovalVoided',
  { readonly from: string; readonly missing: readonly string[]; readonly notCounted: readonly string[] }
>;
export type ChangeWithdrawn = DomainEvent<'ChangeWithdrawn', { readonly from: string }>;
/** Several where there are many mismatches. */
export type ChangeBecameStale = DomainEvent<
  'ChangeBecameStale',
  InPart & { readonly mismatches: readonly Mismatch[] }
>;
/** `policy` is the stream in which the changes now stand. */
export type ChangeApplied = DomainEvent<'ChangeApplied', { readonly policy: string }>;

export type ChangeRequestEvent =
  | ChangeDrafted
  | ChangeAuthored
  | ChangeSubmitted
  | ArtefactsCaptured
  | CaptureRefused
  | ChangeReviewed
  | ApprovalSigned
  | ChangeApproved
  | ChangeRejected
  | EmergencyEvent
  | ChangeHandedOver
  | ApprovalVoided
  | ChangeWithdrawn
  | ChangeBecameStale
  | ChangeApplied
  | TemplateEvent
  | LifeEvent
  | PlanEvent;
