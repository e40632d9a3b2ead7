import { canonicalJson, statedBefore, type JsonValue, type StatedBefore, type StatedBeforeIn } from '#kernel';
import type { ChangeRequestEvent } from './events.js';
import type { Mismatch } from './mismatch.js';
import type { ChangeRequest } from './state.js';

/** What events of a change request say was before them (R03). */
export const statedOfChangeRequest: StatedBeforeIn<ChangeRequestEvent, ChangeRequest> = {
  ChangeDrafted: null,
  ChangeAuthored: null,
  ChangeSubmitted: null,
  TemplateUseSigned: null,
  ApprovedByTemplate: null,
  TemplateDidNotApply: null,
  ArtefactsCaptured: {
    because:
      'its old values are of the ring, as capture saw it: the event of the ring that applies them says them again, and one that moved meanwhile makes the request stale',
  },
  CaptureRefused: null,
  ChangeReviewed: null,
  ApprovalSigned: null,
  ChangeApproved: null,
  ChangeRejected: null,
  EmergencyReleased: null,
  RatificationSigned: null,
  EmergencyRatified: null,
  RatificationRefused: null,
  ChangeHandedOver: ({ old }, state) => [
    statedBefore('old', old, state.status === 'none' ? undefined : state.author),
  ],
  ApprovalVoided: statusBefore,
  ChangeWithdrawn: statusBefore,
  ChangeBecameStale: ({ mismatches }, state) => expectedBefore(mismatches, state),
  ChangeApplied: null,
  ChangeRevised: statusBefore,
  ChangeSuperseded: statusBefore,
  ChangeCommented: null,
  AttachmentAdded: null,
  ChangeStarted: null,
  ChangeDeferred: null,
  ChangeExpired: statusBefore,
  ChangeRecalled: statusBefore,
  TicketStateReported: null,
  ChangeVerified: null,
  VerificationFailed: null,
  ChangeClosed: null,
  StageSigned: null,
  StageReviewed: null,
  StageStarted: null,
  StageDeferred: null,
  StageApplied: null,
  StageVerified: null,
  PlanStopped: ({ mismatches, ring }, state) => expectedBefore(mismatches, state, ring),
};

function statusBefore({ from }: { readonly from: string }, { status }: ChangeRequest): StatedBefore[] {
  return [statedBefore('from', from, status)];
}

/** What was expected of a ring is what was captured as its old value, and signed. @param ring of a plan: the one that moved */
function expectedBefore(
  mismatches: readonly Mismatch[],
  state: ChangeRequest,
  ring?: string,
): readonly StatedBefore[] {
  const changes = 'changes' in state ? state.changes : [];
  return mismatches.map((mismatch, i) => {
    const captured = changes.find(
      (change) =>
        placeOf(change) === placeOf(mismatch) && (ring === undefined || ring === ringOf(change, state)),
    );
    return statedBefore(`mismatches[${i}].expected`, mismatch.expected, captured?.old);
  });
}

function ringOf(change: object, state: ChangeRequest): string | undefined {
  if ('ring' in change) return String(change.ring);
  return state.status === 'none' ? undefined : state.ring;
}

/** What of the ring it is about. A snap's name is a label; a rule of membership and a template are known by their own. */
function placeOf(of: {
  readonly kind?: string | undefined;
  readonly target?: unknown;
  readonly format?: unknown;
  readonly subject?: unknown;
  readonly name?: unknown;
}): string {
  const { kind = 'override', target = null, format = null, subject = null, name = null } = of;
  const own = kind === 'members' || kind === 'template' ? name : null;
  return canonicalJson([kind, target, format, subject, own] as JsonValue);
}
