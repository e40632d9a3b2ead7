import { actorName, rolesIn, type PersonActor } from '#kernel';
import type { ApprovalPolicy } from '../approval-policy/approval-policy.js';
import { ReleaseControlError } from '../errors.js';
import { allowed, isAllowed, requirePerson } from './allowed.js';
import type { ExpireChange, RecallChange, StartChange } from './commands.js';
import type { ChangeRequestEvent } from './events.js';
import { changesIn, ringsOf, type Planned } from './plan.js';
import type { ChangeRequest } from './state.js';
import { ticketStateOf } from './ticket.js';
import { voidedApproval } from './voided-approval.js';
import { waitAt, type Wait } from './waiting.js';
import { hasBegun, isOver, latestOf } from './window.js';

/**
 * The worker takes an approved change on: from here on nobody recalls it, so that what is recalled never is in force. Its latest time is looked at, too, and what the ring's policy has
 * it wait for, such as its ticket: also of one that was taken on by a worker which was away then, as long as the ring does not have it. One that is not due yet, or was taken on before, yields nothing: a
 * clock that jumps, and a worker that is started again, ask once more.
 */
export function start(
  { type, policy, soak, trail, applied, context: { at, linked } }: StartChange,
  request: ChangeRequest,
): ChangeRequestEvent[] {
  if (!isAllowed(request, type)) return [];
  const started = 'started' in request && request.started !== undefined;
  if (started && applied) return [];
  if (!started && isOver(request, at)) return [expired(request.status, latestOf(request))];
  const voided = started ? undefined : voidedApproval(request, policy, linked);
  if (voided) return [voided];
  if (!started && (!hasBegun(request.window, at) || waitsForTicket(request))) return [];
  const { items, ring } = request;
  const wait = waitAt({ items, changes: changesIn(request, ring) }, { policy, soak, trail }, at);
  if (wait) return isKnown(request, wait) ? [] : [deferred(wait, policy)];
  return started ? [] : [{ type: 'ChangeStarted', data: { at } }];
}

function isKnown(request: ChangeRequest, wait: Wait): boolean {
  if (request.status !== 'scheduled' || request.waits === undefined) return false;
  const { waits } = request;
  return waits.for === wait.for && waits.until === wait.until && waits.why === wait.why;
}

function deferred(wait: Wait, { version }: ApprovalPolicy): ChangeRequestEvent {
  return { type: 'ChangeDeferred', data: { ...wait, policyVersion: version } };
}

/** It was approved under a policy that has it wait for its ticket, and the ticket is not approved, or not any more. */
export function waitsForTicket(
  request: Extract<ChangeRequest, { status: 'scheduled' | 'approved' }>,
): boolean {
  return request.awaitsTicket === true && ticketStateOf(request) !== 'approved';
}

/** Its latest time has passed before it was approved; or after it was taken on, and the ring does not have it. */
export function expire(
  { type, applied, context }: ExpireChange,
  request: ChangeRequest,
): ChangeRequestEvent[] {
  if (applied || !isAllowed(request, type)) return [];
  return isOver(request, context.at) ? [expired(request.status, latestOf(request))] : [];
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
  requireRecaller(request, person);
  if ('started' in request && request.started) {
    throw new ReleaseControlError(
      'not-allowed-in-status',
      `${request.id} is taking effect since ${request.started}: it cannot be recalled any more; once it is in force, ask for the opposite, or halt what it changes`,
    );
  }
  return { type: 'ChangeRecalled', data: { from: request.status, by: { id: person.id, name: person.name } } };
}

/** In any of the rings that it is for. @throws ReleaseControlError `not-a-recaller` */
export function requireRecaller(
  request: Planned & { readonly id: string; readonly author: { readonly id: string } },
  person: PersonActor,
): void {
  const rings = ringsOf(request);
  const held = rings.flatMap((ring) => rolesIn(person.roles, ring));
  if (person.id === request.author.id || RECALLERS.some((role) => held.includes(role))) return;
  throw new ReleaseControlError(
    'not-a-recaller',
    `${actorName(person)} did not write ${request.id}, and does not have the role ${RECALLERS.join(' or ')} in ring ${rings.join(' or ')}`,
  );
}
