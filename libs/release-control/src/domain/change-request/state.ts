import type { Reason } from '#kernel';
import type { ElectronicSignature, RecordedSignature, SignedUnder } from '../signature.js';
import type { ChangeItem } from './change-item.js';
import type {
  ArtefactsCaptured,
  Author,
  CaptureFailure,
  ChangeDrafted,
  ChangeRequestEvent,
  Mismatch,
  ResolvedChange,
  Verification,
} from './events.js';
import { isWhole, withPart, type PartsSoFar } from './parts.js';
import { digestOf } from './record.js';

interface Drafted {
  readonly id: string;
  readonly ring: string;
  readonly author: Author;
  readonly reason: Reason;
  readonly items: readonly ChangeItem[];
  /** How often it was submitted. */
  readonly submission: number;
}
interface Submitted extends Drafted {
  readonly submittedAt: string;
}
interface Captured extends Submitted {
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
interface Signed extends Captured {
  /** The one that decided. */
  readonly signature: ElectronicSignature;
  /** All of them, in the order in which they were made. */
  readonly signatures: readonly RecordedSignature[];
  /** Ids of persons whose signatures did not count when it was decided. */
  readonly notCounted: readonly string[];
}

interface Effective extends Signed {
  /** The stream in which the changes stand. */
  readonly policy: string;
}
interface Verified extends Effective {
  readonly verification: Verification;
}

/**
 * The life of a change request. What is known depends on the status, so that, for instance, nothing can be approved that has no digest.
 * Which command leads where is in life-cycle.ts, and drawn in docs/explanation/change-control.md.
 *
 *   in-review: approved by some, and not yet by all whom the ring's approval policy asks for
 *   effective: everything that was approved is in force
 *   verified, verification-failed: a person who is not the author looked at what it did
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
  | ({ readonly status: 'approved'; readonly turning?: PartsSoFar<Mismatch> } & Signed)
  | ({ readonly status: 'rejected' } & Signed)
  | ({ readonly status: 'withdrawn' } & Partial<Pick<InReview, 'signatures' | 'notCounted'>> & Drafted)
  | ({ readonly status: 'stale'; readonly mismatches: readonly Mismatch[] } & Signed)
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
  'rejected',
  'withdrawn',
  'stale',
  'effective',
  'verified',
  'verification-failed',
  'closed',
] as const satisfies readonly ChangeRequestStatus[];

/** Everything that was approved came into force, whatever was found or done since. */
export function wasApplied(status: ChangeRequestStatus): boolean {
  return AFTER_APPLY.has(status);
}

const AFTER_APPLY: ReadonlySet<ChangeRequestStatus> = new Set([
  'effective',
  'verified',
  'verification-failed',
  'closed',
]);

export const noChangeRequest: ChangeRequest = { status: 'none' };

/** Folds an event in. An event that does not follow from the state cannot have been decided: the history is not this stream's. */
export function evolve(state: ChangeRequest, event: ChangeRequestEvent): ChangeRequest {
  switch (event.type) {
    case 'ChangeDrafted':
      return drafted(state, event.data);
    case 'ChangeSubmitted': {
      const drafted = require(state, 'drafted', 'capture-refused');
      const { submission, at } = event.data;
      return { ...draftOf(drafted), status: 'submitted', submission, submittedAt: at };
    }
    case 'ArtefactsCaptured':
      return captured(require(state, 'submitted'), event.data);
    case 'CaptureRefused':
      return {
        ...submissionOf(require(state, 'submitted')),
        status: 'capture-refused',
        failures: event.data.failures,
      };
    case 'ApprovalSigned': {
      const { missing, notCounted } = event.data;
      const open = require(state, 'captured', 'in-review');
      const signatures = [...signaturesOf(open), recorded(event.data)];
      return { ...capturedPart(open), status: 'in-review', signatures, missing, notCounted };
    }
    case 'ChangeApproved':
      return { ...signed(state, event.data), status: 'approved' };
    case 'ChangeRejected':
      return { ...signed(state, event.data), status: 'rejected' };
    case 'ChangeWithdrawn': {
      const open = require(state, 'drafted', 'submitted', 'capture-refused', 'captured', 'in-review');
      if (open.status !== 'in-review') return { ...draftOf(open), status: 'withdrawn' };
      const { signatures, notCounted } = open;
      return { ...draftOf(open), status: 'withdrawn', signatures, notCounted };
    }
    case 'ChangeBecameStale': {
      const { turning, ...signed } = require(state, 'approved');
      const parts = withPart(turning, event.data, event.data.mismatches);
      if (!isWhole(parts)) return { ...signed, turning: parts };
      return { ...signed, status: 'stale', mismatches: parts.elements };
    }
    case 'ChangeApplied': {
      const { turning: _, ...signed } = require(state, 'approved');
      return { ...signed, status: 'effective', policy: event.data.policy };
    }
    case 'ChangeVerified':
      return { ...require(state, 'effective'), status: 'verified', verification: event.data };
    case 'VerificationFailed':
      return { ...require(state, 'effective'), status: 'verification-failed', verification: event.data };
    case 'ChangeClosed':
      return { ...require(state, 'verified'), status: 'closed' };
  }
}

function drafted(state: ChangeRequest, data: ChangeDrafted['data']): ChangeRequest {
  const parts = withPart(state.status === 'none' ? state.drafting : undefined, data, data.items);
  if (!isWhole(parts)) return { status: 'none', drafting: parts };
  const { id, ring, author, reason } = data;
  return { status: 'drafted', id, ring, author, reason, items: parts.elements, submission: 0 };
}

/** @throws Error when the parts are not, taken together, what their digest is of: nobody may sign for one thing and apply another */
function captured(
  state: Extract<ChangeRequest, { status: 'submitted' }>,
  data: ArtefactsCaptured['data'],
): ChangeRequest {
  const submission = submissionOf(state);
  const parts = withPart(state.capturing, data, data.changes);
  if (!isWhole(parts)) return { ...submission, status: 'submitted', capturing: parts };
  const { recordDigest } = data;
  const changes = parts.elements;
  if (parts.count > 1 && digestOf({ ...submission, changes }) !== recordDigest)
    throw new Error(`the parts of what was captured for ${submission.id} are not what its digest is of`);
  return { ...submission, status: 'captured', changes, recordDigest };
}

function signed(state: ChangeRequest, data: Decision): Signed {
  const open = require(state, 'captured', 'in-review');
  const signatures = [...signaturesOf(open), recorded(data)];
  const { signature, notCounted = [] } = data;
  return { ...capturedPart(open), signature, signatures, notCounted };
}

type Decision = Partial<SignedUnder> & {
  readonly signature: ElectronicSignature;
  readonly notCounted?: readonly string[];
};

function recorded({ signature, policyVersion, roles }: Decision): RecordedSignature {
  return {
    ...signature,
    ...(policyVersion === undefined ? {} : { policyVersion }),
    ...(roles === undefined ? {} : { roles }),
  };
}

/** The signatures that a request has so far. */
export function signaturesOf(state: ChangeRequest): readonly RecordedSignature[] {
  return 'signatures' in state ? (state.signatures ?? []) : [];
}

function capturedPart({ changes, recordDigest, ...state }: Captured): Captured {
  return { ...submissionOf(state), changes, recordDigest };
}

function submissionOf({ submittedAt, ...state }: Submitted): Submitted {
  return { ...draftOf(state), submittedAt };
}

function draftOf({ id, ring, author, reason, items, submission }: Drafted): Drafted {
  return { id, ring, author, reason, items, submission };
}

function require<Status extends ChangeRequestStatus>(
  state: ChangeRequest,
  ...statuses: Status[]
): Extract<ChangeRequest, { status: Status }> {
  if (!(statuses as string[]).includes(state.status)) {
    throw new Error(
      `a change request that is ${state.status} cannot have become this: ${statuses.join(' or ')} expected`,
    );
  }
  return state as Extract<ChangeRequest, { status: Status }>;
}
