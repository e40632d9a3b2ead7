import { isWhole, withPart } from '#kernel';
import { authoredOf } from './authored.js';
import type { ArtefactsCaptured, ChangeDrafted, ChangeRequestEvent } from './events.js';
import { ratifying } from './evolve-emergency.js';
import { evolvePlan, lookedAt } from './evolve-plan.js';
import { evolveTemplate } from './evolve-template.js';
import { revised, REVISED_IN } from './evolve-revised.js';
import { require } from './require-status.js';
import { LIFE_CYCLE } from './life-cycle.js';
import { digestOf } from './record.js';
import { capturedPart, draftOf, signedPart, submissionOf } from './what-is-kept.js';
import { recorded, type Decision } from './recorded.js';
import { OPEN_STATUSES, signaturesOf, type ChangeRequest, type Over, type Signed } from './state.js';
import { hasBegun } from './window.js';

/** Folds an event in. An event that does not follow from the state cannot have been decided: the history is not this stream's. */
export function evolve(state: ChangeRequest, event: ChangeRequestEvent): ChangeRequest {
  switch (event.type) {
    case 'ChangeDrafted':
      return drafted(state, event.data);
    case 'ChangeAuthored': {
      const drafted = require(state, 'drafted', 'capture-refused');
      return { ...drafted, authored: [...authoredOf(drafted), recorded(event.data)] };
    }
    case 'ChangeSubmitted': {
      const drafted = require(state, 'drafted', 'capture-refused');
      const { submission, at } = event.data;
      const { files } = drafted;
      const attached = files.length === 0 ? {} : { attachments: files };
      return { ...draftOf(drafted), status: 'submitted', submission, submittedAt: at, ...attached };
    }
    case 'ArtefactsCaptured':
      return captured(require(state, 'submitted'), event.data);
    case 'CaptureRefused':
      return {
        ...submissionOf(require(state, 'submitted')),
        status: 'capture-refused',
        failures: event.data.failures,
      };
    case 'ChangeReviewed':
    case 'ApprovalSigned': {
      const { missing, notCounted } = event.data;
      const open = require(state, 'captured', 'in-review');
      const signatures = [...signaturesOf(open), recorded(event.data)];
      return { ...capturedPart(open), status: 'in-review', signatures, missing, notCounted };
    }
    case 'ChangeApproved': {
      const { awaitsTicket } = event.data;
      const approved = { ...signed(state, event.data), ...(awaitsTicket ? { awaitsTicket } : {}) };
      const due = hasBegun(approved.window, approved.signature.signedAt);
      return { ...approved, status: due ? 'approved' : 'scheduled' };
    }
    case 'TemplateUseSigned':
    case 'ApprovedByTemplate':
    case 'TemplateDidNotApply':
      return evolveTemplate(state, event);
    case 'ChangeRevised':
      return revised(require(state, ...REVISED_IN), event.data);
    case 'ChangeSuperseded':
      return { ...ended(require(state, ...SUPERSEDED_IN)), status: 'superseded', by: event.data.by };
    case 'ChangeCommented':
      if (state.status === 'none') throw new Error('nobody comments on a request that there is not');
      return { ...state, comments: [...state.comments, event.data] };
    case 'AttachmentAdded':
      if (state.status === 'none') throw new Error('nobody attaches a file to a request that there is not');
      return { ...state, files: [...state.files, event.data] };
    case 'TicketStateReported':
      if (state.status === 'none') throw new Error('a request that there is not has no ticket');
      return { ...state, ticketReports: [...state.ticketReports, event.data] };
    case 'ChangeStarted': {
      const approved = signedPart(require(state, 'scheduled', 'approved'));
      return { ...approved, status: 'approved', started: event.data.at };
    }
    case 'ChangeDeferred': {
      const { policyVersion: _, ...waits } = event.data;
      return { ...signedPart(require(state, 'scheduled', 'approved')), status: 'scheduled', waits };
    }
    case 'ChangeExpired':
      return { ...ended(require(state, ...OPEN_STATUSES, 'scheduled', 'approved')), status: 'expired' };
    case 'ChangeRecalled':
      return { ...signedPart(require(state, 'scheduled', 'approved')), status: 'recalled' };
    case 'ChangeRejected':
      return { ...signed(state, event.data), status: 'rejected' };
    case 'EmergencyReleased': {
      const { ratifyBy, soakPassedOver } = event.data;
      const emergency = {
        ratifyBy,
        ratification: 'open',
        signatures: [],
        notCounted: [],
        ...(soakPassedOver === undefined ? {} : { soakPassedOver }),
      } as const;
      return { ...signed(state, event.data), status: 'released', emergency };
    }
    case 'RatificationSigned':
      return ratifying(state, event.data, 'open');
    case 'EmergencyRatified':
      return ratifying(state, event.data, 'ratified');
    case 'RatificationRefused':
      return ratifying(state, event.data, 'refused');
    case 'ChangeHandedOver': {
      const { old, new: author } = event.data;
      const draft = require(state, 'drafted', 'capture-refused');
      return { ...draft, author, earlierAuthors: [...(draft.earlierAuthors ?? []), old] };
    }
    case 'ApprovalVoided': {
      const { signatures, ...signed } = require(state, 'approved', 'scheduled');
      const { missing, notCounted } = event.data;
      return { ...capturedPart(signed), status: 'in-review', signatures, missing, notCounted };
    }
    case 'ChangeWithdrawn':
      return { ...ended(require(state, ...OPEN_STATUSES)), status: 'withdrawn' };
    case 'ChangeBecameStale': {
      const { turning, ...signed } = require(state, 'approved', 'released');
      const parts = withPart(turning, event.data, event.data.mismatches);
      if (!isWhole(parts)) return { ...signed, turning: parts };
      return { ...signedPart(signed), status: 'stale', mismatches: parts.elements };
    }
    case 'ChangeApplied': {
      const approved = require(state, 'approved', 'released');
      const since = approved.status === 'approved' ? approved.started : undefined;
      const effective = { ...signedPart(approved), status: 'effective', policy: event.data.policy } as const;
      return since === undefined ? effective : { ...effective, since };
    }
    case 'ChangeVerified':
      return {
        ...lookedAt(require(state, 'effective'), event.data),
        status: 'verified',
        verification: event.data,
      };
    case 'VerificationFailed': {
      const looked = require(state, 'effective', 'rolling-out');
      return { ...lookedAt(looked, event.data), status: 'verification-failed', verification: event.data };
    }
    case 'StageSigned':
    case 'StageReviewed':
    case 'StageStarted':
    case 'StageDeferred':
    case 'StageApplied':
    case 'StageVerified':
    case 'PlanStopped':
      return evolvePlan(state, event);
    case 'ChangeClosed':
      return { ...require(state, 'verified'), status: 'closed' };
  }
}

function drafted(state: ChangeRequest, data: ChangeDrafted['data']): ChangeRequest {
  const parts = withPart(state.status === 'none' ? state.drafting : undefined, data, data.items);
  if (!isWhole(parts)) return { status: 'none', drafting: parts };
  const { id, ring, author, reason, window = {} } = data;
  return {
    status: 'drafted',
    id,
    ring,
    author,
    reason,
    window,
    items: parts.elements,
    revision: 1,
    earlier: [],
    ...(data.supersedes === undefined ? {} : { supersedes: data.supersedes }),
    ...(data.stages === undefined ? {} : { stages: data.stages }),
    ...(data.template === undefined ? {} : { template: data.template }),
    comments: [],
    ...(data.ticket === undefined ? {} : { ticket: data.ticket }),
    ticketReports: [],
    files: [],
    submission: 0,
  };
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

/** What ended before it was in force keeps what was handed in, captured and signed of it: a file that comes later changes none of that. */
function ended(state: Exclude<ChangeRequest, { status: 'none' }>): Over {
  if (!('submittedAt' in state)) return draftOf(state);
  if (state.status === 'capture-refused') {
    // It was its author's again, and would have been handed in with the files that there are.
    const { attachments: _, ...submission } = submissionOf(state);
    return state.files.length === 0 ? submission : { ...submission, attachments: state.files };
  }
  if (!('changes' in state)) return submissionOf(state);
  const notCounted = 'notCounted' in state ? state.notCounted : [];
  return { ...capturedPart(state), signatures: signaturesOf(state), notCounted };
}

const SUPERSEDED_IN = LIFE_CYCLE.SupersedeChange.from;
