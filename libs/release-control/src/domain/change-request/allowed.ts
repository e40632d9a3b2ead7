import { actorName, type CommandContext, type PersonActor } from '#kernel';
import { ReleaseControlError } from '../errors.js';
import { LIFE_CYCLE, nextSteps, type AllowedIn, type LifeCycleCommand } from './life-cycle.js';
import type { ChangeRequest, ChangeRequestStatus } from './state.js';

/** Whether the request is in one of the statuses that the command is allowed in. */
export function isAllowed<Command extends LifeCycleCommand>(
  state: ChangeRequest,
  command: Command,
): state is Extract<ChangeRequest, { status: AllowedIn<Command> }> {
  const statuses: readonly ChangeRequestStatus[] = LIFE_CYCLE[command].from;
  return statuses.includes(state.status);
}

/**
 * The request, in one of the statuses that the command is allowed in.
 * @throws ReleaseControlError `no-such-change-request`; `not-allowed-in-status`, which says what can be done
 */
export function allowed<Command extends LifeCycleCommand>(
  state: ChangeRequest,
  command: Command,
): Extract<ChangeRequest, { status: AllowedIn<Command> }> {
  if (state.status === 'none')
    throw new ReleaseControlError('no-such-change-request', 'there is no such change request');
  if (isAllowed(state, command)) return state;
  const next = nextSteps(state.status);
  const possible = next.length === 0 ? 'its life is over' : `what can be done with it: ${next.join(', ')}`;
  throw new ReleaseControlError(
    'not-allowed-in-status',
    `${command} is not allowed: ${state.id} is ${state.status}, it would have to be ${LIFE_CYCLE[command].from.join(' or ')}; ${possible}`,
  );
}

/** @throws ReleaseControlError `not-an-author` */
export function requirePerson({ actor }: CommandContext): PersonActor {
  if (actor.kind !== 'person')
    throw new ReleaseControlError('not-an-author', `${actorName(actor)} is not a person`);
  return actor;
}
