import type { CommandContext, Decider } from '#kernel';
import type { ChangeRequestCommand } from './commands.js';
import { decide } from './decide.js';
import type { ChangeRequestEvent } from './events.js';
import { evolve } from './evolve.js';
import { noChangeRequest, type ChangeRequest } from './state.js';

export const changeRequest: Decider<ChangeRequestCommand, ChangeRequestEvent, ChangeRequest> & {
  readonly versions: { readonly [Type in ChangeRequestEvent['type']]: number };
  readonly countsPersons: true;
} = {
  initialState: noChangeRequest,
  decide,
  evolve,
  countsPersons: true,
  // Version 2 of what names items or changes: other kinds than overrides, which are as they were in version 1. Version 3: an item may name an
  // architecture. The next one of each that holds a list: it may be a part of the list. Then: the approval policy is among the kinds. Version 5 of
  // what was captured: how versions differ. Of what holds a signature: it may be a security key's. Version 6 and 5 of what names items: a promotion is
  // among the kinds. The next of it: the approval policy may pre-authorise emergencies. Version 8 of drafts: when it may
  // take effect. Version 9: what it supersedes. The next of what names items: the approval policy may have freezes. The
  // next of these, and of what says so: the ticket that is named, asked for, waited for, or turned down. The next of what names items
  // or versions: a hold may have an end. Then: the rings of a plan; of what was captured, which of them a change is of, and of what approves, what it
  // was signed under in each. Then, of what names items or versions: the approval policy may ask for soak in another ring; of what is deferred, that it waits for it, and of an
  // emergency, that it did not.
  // Then: templates of standard changes. Then, of what names items or versions: a rule of the approval policy may ask for reviews. Then, of these and of what is deferred:
  // it may ask for a review of the trail.
  versions: {
    ChangeDrafted: 17,
    ChangeAuthored: 1,
    ChangeSubmitted: 1,
    TemplateUseSigned: 1,
    ApprovedByTemplate: 1,
    TemplateDidNotApply: 1,
    ArtefactsCaptured: 14,
    CaptureRefused: 13,
    ChangeReviewed: 1,
    ApprovalSigned: 3,
    ChangeApproved: 5,
    ChangeRejected: 3,
    EmergencyReleased: 2,
    RatificationSigned: 1,
    EmergencyRatified: 1,
    RatificationRefused: 1,
    ChangeHandedOver: 1,
    ApprovalVoided: 1,
    ChangeWithdrawn: 1,
    ChangeRevised: 8,
    ChangeSuperseded: 1,
    ChangeCommented: 1,
    AttachmentAdded: 1,
    ChangeStarted: 1,
    ChangeDeferred: 3,
    ChangeExpired: 1,
    ChangeRecalled: 2,
    ChangeBecameStale: 12,
    TicketStateReported: 1,
    ChangeApplied: 1,
    ChangeVerified: 1,
    VerificationFailed: 1,
    ChangeClosed: 1,
    StageSigned: 1,
    StageReviewed: 1,
    StageStarted: 1,
    StageDeferred: 1,
    StageApplied: 1,
    StageVerified: 1,
    PlanStopped: 1,
  },
};

export function changeRequestStream(id: string): string {
  return `change-request/${id}`;
}

/** What a service acts for when it works on a request. */
export function servingChangeRequest(id: string, service: string): CommandContext['actor'] {
  return { kind: 'service', id: service, for: changeRequestStream(id) };
}
