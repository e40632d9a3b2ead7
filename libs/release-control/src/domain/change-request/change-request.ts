import type { CommandContext, Decider } from '#kernel';
import type { ChangeRequestCommand } from './commands.js';
import { decide } from './decide.js';
import type { ChangeRequestEvent } from './events.js';
import { evolve, noChangeRequest, type ChangeRequest } from './state.js';

export const changeRequest: Decider<ChangeRequestCommand, ChangeRequestEvent, ChangeRequest> & {
  readonly versions: { readonly [Type in ChangeRequestEvent['type']]: number };
} = {
  initialState: noChangeRequest,
  decide,
  evolve,
  versions: {
    ChangeDrafted: 1,
    ChangeSubmitted: 1,
    ArtefactsCaptured: 1,
    CaptureRefused: 1,
    ChangeApproved: 1,
    ChangeRejected: 1,
    ChangeWithdrawn: 1,
    ChangeBecameStale: 1,
    ChangeApplied: 1,
  },
};

export function changeRequestStream(id: string): string {
  return `change-request/${id}`;
}

/** What a service acts for when it works on a request. */
export function servingChangeRequest(id: string, service: string): CommandContext['actor'] {
  return { kind: 'service', id: service, for: changeRequestStream(id) };
}
