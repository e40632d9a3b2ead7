import type { Reason } from '#kernel';
import type { ElectronicSignature } from '../signature.js';
import type {
  Author,
  CaptureFailure,
  ChangeItem,
  ChangeRequestEvent,
  Mismatch,
  ResolvedChange,
} from './events.js';

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
 * The same as a table, derived from the rules themselves, ends `change-request.spec.ts`.
 */
export type ChangeRequest =
  | { readonly status: 'none' }
  | ({ readonly status: 'drafted' } & Drafted)
  | ({ readonly status: 'submitted' } & Submitted)
  | ({ readonly status: 'capture-refused'; readonly failures: readonly CaptureFailure[] } & Submitted)
  | ({ readonly status: 'captured' } & Captured)
  | ({ readonly status: 'approved' } & Signed)
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
      return { ...event.data, status: 'drafted', submission: 0 };
    case 'ChangeSubmitted': {
      const drafted = require(state, 'drafted', 'capture-refused');
      const { submission, at } = event.data;
      return { ...draftOf(drafted), status: 'submitted', submission, submittedAt: at };
    }
    case 'ArtefactsCaptured': {
      const { changes, recordDigest } = event.data;
      return { ...require(state, 'submitted'), status: 'captured', changes, recordDigest };
    }
    case 'CaptureRefused':
      return { ...require(state, 'submitted'), status: 'capture-refused', failures: event.data.failures };
    case 'ChangeApproved':
      return { ...require(state, 'captured'), status: 'approved', signature: event.data.signature };
    case 'ChangeRejected':
      return { ...require(state, 'captured'), status: 'rejected', signature: event.data.signature };
    case 'ChangeWithdrawn':
      return {
        ...draftOf(require(state, 'drafted', 'submitted', 'capture-refused', 'captured')),
        status: 'withdrawn',
      };
    case 'ChangeBecameStale':
      return { ...require(state, 'approved'), status: 'stale', mismatches: event.data.mismatches };
    case 'ChangeApplied':
      return { ...require(state, 'approved'), status: 'applied', policy: event.data.policy };
  }
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
