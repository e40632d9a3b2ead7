import { actorName, type CommandContext, type PersonActor } from '#kernel';
import { ReleaseControlError } from '../errors.js';
import type { ChangeRequest, ChangeRequestStatus } from './state.js';

/**
 * The request, in one of the statuses that a command is allowed in.
 * @throws ReleaseControlError `no-such-change-request`, `not-allowed-in-status`
 */
export function allowed<Status extends ChangeRequestStatus>(
  state: ChangeRequest,
  command: string,
  ...statuses: Status[]
): Extract<ChangeRequest, { status: Status }> {
  if (state.status === 'none')
    throw new ReleaseControlError('no-such-change-request', 'there is no such change request');
  if (!(statuses as string[]).includes(state.status)) {
    throw new ReleaseControlError(
      'not-allowed-in-status',
      `${command} is not allowed: ${state.id} is ${state.status}, it would have to be ${statuses.join(' or ')}`,
    );
  }
  return state as Extract<ChangeRequest, { status: Status }>;
}

/** @throws ReleaseControlError `not-an-author` */
export function requirePerson({ actor }: CommandContext): PersonActor {
  if (actor.kind !== 'person')
    throw new ReleaseControlError('not-an-author', `${actorName(actor)} is not a person`);
  return actor;
}
