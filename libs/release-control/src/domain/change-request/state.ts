import type { PartsSoFar, Reason } from '#kernel';
import type { ElectronicSignature, RecordedSignature } from '../signature.js';
import type { ChangeItem } from './change-item.js';
import type { Author, CaptureFailure, Mismatch, ResolvedChange } from './events.js';
import type { Rollout, Stage } from './plan.js';
import type { TemplateRef } from '../template/template.js';
import type { UseOfTemplate } from './use-of-template.js';
import type { StopCause } from './plan-events.js';
import type { Comment, EarlierRevision } from './revision.js';
import type { Attachment } from './attachment.js';
import type { Authored } from './authored.js';
import type { Ticketed } from './ticket.js';
import type { Verification } from './verification.js';
import type { Wait } from './waiting.js';
import type { ChangeWindow } from './window.js';

export interface Drafted extends Ticketed, Authored {
  readonly id: string;
  readonly ring: string;
  readonly author: Author;
  /** Whoever worked on it before it was handed over, in order; absent for none. */
  readonly earlierAuthors?: readonly Author[];
  readonly reason: Reason;
  readonly items: readonly ChangeItem[];
  /** When it may take effect; empty: as soon as it is approved. */
  readonly window: ChangeWindow;
  /** Counted from 1. */
  readonly revision: number;
  /** What it was before, in order. */
  readonly earlier: readonly EarlierRevision[];
  readonly revising?: PartsSoFar<ChangeItem>;
  /** Id of the request that is over once this one is approved. */
  readonly supersedes?: string;
  /** Of a release plan: the rings that get it after `ring`, in order. */
  readonly stages?: readonly Stage[];
  readonly template?: TemplateRef;
  readonly use?: UseOfTemplate;
  readonly comments: readonly Comment[];
  /** All of them, in the order in which they came. */
  readonly files: readonly Attachment[];
  /** How often it was submitted. */
  readonly submission: number;
}
export interface Submitted extends Drafted {
  readonly submittedAt: string;
  /** The files that were there then: they are in the record. Absent for none. */
  readonly attachments?: readonly Attachment[];
}
export interface Captured extends Submitted {
  readonly changes: readonly ResolvedChange[];
  readonly recordDigest: string;
}
interface InReview extends Captured {
  /** In the order in which they were made. */
  readonly signatures: readonly RecordedSignature[];
  /** What the approval policy asked for after the last of them, in words. */
  readonly missing: readonly string[];
  /** Ids of persons whose signatures did not count then. */
  readonly notCounted: readonly string[];
}
export interface Signed extends Captured {
  /** The one that decided. */
  readonly signature: ElectronicSignature;
  /** All of them, in the order in which they were made. */
  readonly signatures: readonly RecordedSignature[];
  /** Ids of persons whose signatures did not count when it was decided. */
  readonly notCounted: readonly string[];
  /** It does not take effect before its ticket is approved. */
  readonly awaitsTicket?: true;
  /** Of what was released before it was approved: {@link signature} is the release. */
  readonly emergency?: Emergency;
  /** Of a release plan that is in force in one of its rings at least: how far it has come. */
  readonly rollout?: Rollout;
}

/** Over before it was in force: with what was handed in, captured and signed of it, if it was. */
export type Over = Drafted | Submitted | (Captured & Pick<InReview, 'signatures' | 'notCounted'>);
interface Effective extends Signed {
  /** When the worker took it on; older requests, and what was released in an emergency, do not say it. */
  readonly since?: string;
  /** The stream in which the changes stand. */
  readonly policy: string;
}
interface Verified extends Effective {
  readonly verification: Verification;
}

/** How the ratification of a release stands. */
export interface Emergency {
  /** RFC 3339, UTC. */
  readonly ratifyBy: string;
  /** What it would have waited for by the soak that the ring's policy asks for; absent: nothing. */
  readonly soakPassedOver?: string;
  readonly ratification: 'open' | 'ratified' | 'refused';
  /** The ratification's own, in the order in which they were made; they are among the request's as well. */
  readonly signatures: readonly RecordedSignature[];
  /** Ids of persons whose signatures did not count when it was ratified. */
  readonly notCounted: readonly string[];
}

/** A release plan that is in force in some of its rings. */
interface RollingOut extends Effective {
  readonly stages: readonly Stage[];
  readonly rollout: Rollout;
}

type Released = Signed & { readonly emergency: Emergency };

/**
 * The life of a change request. What is known depends on the status, so that, for instance, nothing can be approved that has no digest.
 * Which command leads where is in life-cycle.ts, and drawn in docs/explanation/change-control.md.
 *
 *   in-review: approved by some, and not yet by all whom the ring's approval policy asks for
 *   scheduled: approved, and to take effect later, at its time or once the ring's policy lets it; approved: as soon as the worker sees it, which says so (`started`) before the ring's policy is told
 *   expired: its latest time passed before it was in force; recalled: somebody stopped it before
 *   superseded: another request, which said so, was approved in its place
 *   rolling-out: of a plan, in force in some of its rings, and the next one waits; stopped: the rest of it never gets it
 *   effective: everything that was approved is in force
 *   verified, verification-failed: a person who is not the author looked at what it did
 *   released: in an emergency, by one on-call person; in force or stale as an approved one is. Its ratification goes on beside the status
 *
 * A list that is spread over several events takes effect with the last of them; until then the status is as it was, and the parts that came are beside it.
 */
export type ChangeRequest =
  | { readonly status: 'none'; readonly drafting?: PartsSoFar<ChangeItem> }
  | ({ readonly status: 'drafted' } & Drafted)
  | ({ readonly status: 'submitted'; readonly capturing?: PartsSoFar<ResolvedChange> } & Submitted)
  | ({ readonly status: 'capture-refused'; readonly failures: readonly CaptureFailure[] } & Submitted)
  | ({ readonly status: 'captured' } & Captured)
  | ({ readonly status: 'in-review' } & InReview)
  | ({ readonly status: 'scheduled'; readonly waits?: Wait } & Signed)
  | ({
      readonly status: 'approved';
      /** When the worker took it on. */
      readonly started?: string;
      readonly turning?: PartsSoFar<Mismatch>;
    } & Signed)
  | ({ readonly status: 'released'; readonly turning?: PartsSoFar<Mismatch> } & Released)
  | ({ readonly status: 'expired' } & Over)
  | ({ readonly status: 'recalled' } & Signed)
  | ({ readonly status: 'superseded'; readonly by: string } & Over)
  | ({ readonly status: 'rejected' } & Signed)
  | ({ readonly status: 'withdrawn' } & Over)
  | ({ readonly status: 'stale'; readonly mismatches: readonly Mismatch[] } & Signed)
  | ({ readonly status: 'rolling-out'; readonly turning?: PartsSoFar<Mismatch> } & RollingOut)
  | ({
      readonly status: 'stopped';
      readonly because: StopCause;
      readonly mismatches: readonly Mismatch[];
    } & RollingOut)
  | ({ readonly status: 'effective' } & Effective)
  | ({ readonly status: 'verified' } & Verified)
  | ({ readonly status: 'verification-failed' } & Verified)
  | ({ readonly status: 'closed' } & Verified);

export type ChangeRequestStatus = ChangeRequest['status'];

/** The statuses that a request which exists can have, in the order of its life. */
export const STATUSES = [
  'drafted',
  'submitted',
  'capture-refused',
  'captured',
  'in-review',
  'approved',
  'scheduled',
  'released',
  'rejected',
  'withdrawn',
  'expired',
  'recalled',
  'stale',
  'superseded',
  'rolling-out',
  'stopped',
  'effective',
  'verified',
  'verification-failed',
  'closed',
] as const satisfies readonly ChangeRequestStatus[];

/** Nobody has decided on it yet. */
export const OPEN_STATUSES = ['drafted', 'submitted', 'capture-refused', 'captured', 'in-review'] as const;

const UNDER_WAY: readonly ChangeRequestStatus[] = [
  ...OPEN_STATUSES,
  'approved',
  'scheduled',
  'released',
  'rolling-out',
];

/** Nobody has decided on it yet, or what was decided has not come into force yet: to ask for the same again would be to ask twice. */
export function isUnderWay(status: ChangeRequestStatus): boolean {
  return UNDER_WAY.includes(status);
}

/** Not handed in for good: what others decide on already stays its author's, whose name is in the record that they sign. */
export const WITH_ITS_AUTHOR: readonly ChangeRequestStatus[] = ['drafted', 'capture-refused'];

/** Everything that was approved came into force, whatever was found or done since. */
export function wasApplied(status: ChangeRequestStatus): status is AppliedStatus {
  return (AFTER_APPLY as readonly string[]).includes(status);
}

const AFTER_APPLY = [
  'effective',
  'verified',
  'verification-failed',
  'closed',
] as const satisfies readonly ChangeRequestStatus[];
type AppliedStatus = (typeof AFTER_APPLY)[number];

/** A request whose changes came into force. */
export type AppliedRequest = Extract<ChangeRequest, { status: AppliedStatus }>;

/** A request whose changes are in force, or were: of a plan, in one of its rings at least. */
export type InForce = AppliedRequest | Extract<ChangeRequest, { status: 'rolling-out' | 'stopped' }>;

export function isInForce(state: ChangeRequest): state is InForce {
  return isApplied(state) || state.status === 'rolling-out' || state.status === 'stopped';
}

export function isApplied(state: ChangeRequest): state is AppliedRequest {
  return wasApplied(state.status);
}

export const noChangeRequest: ChangeRequest = { status: 'none' };

/** A request that was released in an emergency, whatever became of it. */
export type EmergencyRequest = Extract<ChangeRequest, { emergency?: Emergency }> & {
  readonly emergency: Emergency;
};

export function isEmergency(state: ChangeRequest): state is EmergencyRequest {
  return 'emergency' in state && state.emergency !== undefined;
}

/** Released in an emergency, and neither ratified nor refused: also after its time. What became stale never took effect, and there is nothing to ratify. */
export function isRatificationOpen(state: ChangeRequest): state is EmergencyRequest {
  return isEmergency(state) && state.emergency.ratification === 'open' && state.status !== 'stale';
}

/** The signatures that a request has so far. */
export function signaturesOf(state: ChangeRequest): readonly RecordedSignature[] {
  return 'signatures' in state ? state.signatures : [];
}
