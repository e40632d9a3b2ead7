import { actorName, rolesIn } from '#kernel';
import { ReleaseControlError } from '../errors.js';
import { allowed, isAllowed, requirePerson } from './allowed.js';
import type { ExpireChange, RecallChange, StartChange } from './commands.js';
import type { ChangeRequestEvent } from './events.js';
import type { ChangeRequest } from './state.js';
import { hasBegun, isOver } from './window.js';

/**
 * The worker takes an approved change on: from here on nobody recalls it, so that what is recalled never is in force. Its latest time is looked at, too. One that is not due yet, or was taken on before, yields nothing: a clock that jumps, and a worker that is started again, ask once more.
 */
export function start({ type, context }: StartChange, request: ChangeRequest): ChangeRequestEvent[] {
  if (!isAllowed(request, type)) return [];
  if ('started' in request && request.started) return [];
  if (isOver(request.window, context.at)) return [expired(request.status, request.window.notAfter)];
  if (!hasBegun(request.window, context.at)) return [];
  return [{ type: 'ChangeStarted', data: { at: context.at } }];
}

/** Its latest time has passed before it was approved; or after it was taken on, and the ring does not have it. */
export function expire({ type, context }: ExpireChange, request: ChangeRequest): ChangeRequestEvent[] {
  if (!isAllowed(request, type)) return [];
  return isOver(request.window, context.at) ? [expired(request.status, request.window.notAfter)] : [];
}

function expired(from: string, notAfter: string | undefined): ChangeRequestEvent {
  return { type: 'ChangeExpired', data: { from, ...(notAfter === undefined ? {} : { notAfter }) } };
}

/** Whoever may decide on it, and whoever runs the devices. */
const RECALLERS = ['operator', 'approver', 'qa'] as const;

/**
 * Somebody stops what is approved before it is in force. One person is enough, its author included: what was approved by several is kept from happening, and
 * to make it happen takes their signatures again.
 * @throws ReleaseControlError `not-a-recaller`; `not-allowed-in-status`, also once it is taking effect
 */
export function recall({ type, context }: RecallChange, state: ChangeRequest): ChangeRequestEvent {
  const request = allowed(state, type);
  const person = requirePerson(context);
  const roles = rolesIn(person.roles, request.ring);
  const may = person.id === request.author.id || RECALLERS.some((role) => roles.includes(role));
  if (!may) {
    throw new ReleaseControlError(
      'not-a-recaller',
      `${actorName(person)} did not write ${request.id}, and does not have the role ${RECALLERS.join(' or ')} in ring ${request.ring}`,
    );
  }
  if ('started' in request && request.started) {
    throw new ReleaseControlError(
      'not-allowed-in-status',
      `${request.id} is taking effect since ${request.started}: it cannot be recalled any more; once it is in force, ask for the opposite, or halt what it changes`,
    );
  }
  return { type: 'ChangeRecalled', data: { from: request.status, by: { id: person.id, name: person.name } } };
}
