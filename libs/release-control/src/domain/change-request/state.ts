import type { Reason } from '#kernel';
import type { ElectronicSignature } from '../signature.js';
import type {
  ArtefactsCaptured,
  Author,
  CaptureFailure,
  ChangeDrafted,
  ChangeItem,
  ChangeRequestEvent,
  Mismatch,
  ResolvedChange,
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
interface Signed extends Captured {
  readonly signature: ElectronicSignature;
}

/**
 * The life of a change request. What is known depends on the status, so that, for instance, nothing can be approved that has no digest.
 *
 *   (none) ─draft→ drafted ─submit→ submitted ─capture→ captured ─approve→ approved ─apply→ applied
 *                                    ↑     └─refuse→ capture-refused          └─policy moved→ stale
 *                                    └──submit again──────┘      captured ─reject→ rejected
 *   withdrawn: by the author, from drafted, submitted, capture-refused and captured
 *
 * A list that is spread over several events takes effect with the last of them; until then the status is as it was, and the parts that came are beside it.
 *
 * The same as a table, derived from the rules themselves, ends `change-request.spec.ts`.
 */
export type ChangeRequest =
  | { readonly status: 'none'; readonly drafting?: PartsSoFar<ChangeItem> }
  | ({ readonly status: 'drafted' } & Drafted)
  | ({ readonly status: 'submitted'; readonly capturing?: PartsSoFar<ResolvedChange> } & Submitted)
  | ({ readonly status: 'capture-refused'; readonly failures: readonly CaptureFailure[] } & Submitted)
  | ({ readonly status: 'captured' } & Captured)
  | ({ readonly status: 'approved'; readonly turning?: PartsSoFar<Mismatch> } & Signed)
  | ({ readonly status: 'rejected' } & Signed)
  | ({ readonly status: 'withdrawn' } & Drafted)
  | ({ readonly status: 'stale'; readonly mismatches: readonly Mismatch[] } & Signed)
  | ({ readonly status: 'applied'; readonly policy: string } & Signed);

export type ChangeRequestStatus = ChangeRequest['status'];

/** The statuses that a request which exists can have, in the order of its life. */
export const STATUSES = [
  'drafted',
  'submitted',
  'capture-refused',
  'captured',
  'approved',
  'rejected',
  'withdrawn',
  'stale',
  'applied',
] as const satisfies readonly ChangeRequestStatus[];

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
    case 'ChangeApproved':
      return { ...require(state, 'captured'), status: 'approved', signature: event.data.signature };
    case 'ChangeRejected':
      return { ...require(state, 'captured'), status: 'rejected', signature: event.data.signature };
    case 'ChangeWithdrawn':
      return {
        ...draftOf(require(state, 'drafted', 'submitted', 'capture-refused', 'captured')),
        status: 'withdrawn',
      };
    case 'ChangeBecameStale': {
      const { turning, ...signed } = require(state, 'approved');
      const parts = withPart(turning, event.data, event.data.mismatches);
      if (!isWhole(parts)) return { ...signed, turning: parts };
      return { ...signed, status: 'stale', mismatches: parts.elements };
    }
    case 'ChangeApplied': {
      const { turning: _, ...signed } = require(state, 'approved');
      return { ...signed, status: 'applied', policy: event.data.policy };
    }
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
