import type { ChangeRequest, ChangeRequestStatus } from './state.js';

/** The request in one of the statuses that an event can follow on. @throws Error when it is in another: the history is not this stream's */
export function require<Status extends ChangeRequestStatus>(
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
