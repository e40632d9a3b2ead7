import { actorName, isSamePerson, type CommandContext, type PersonActor } from '#kernel';
import { IdentityError } from './errors.js';
import type { Role } from './roles.js';

/** The host acts for this at first start: there is nobody yet who could allow it. */
export const COMMISSIONING = 'commissioning';

/** At least this much, after trimming: "updated" is no reason (R04). */
export const SHORTEST_REASON = 10;

export function requireReason({ reason }: CommandContext): void {
  if (reason.code.trim() === '' || reason.text.trim().length < SHORTEST_REASON) {
    throw new IdentityError(
      'reason-required',
      `say why: a reason code, and at least ${SHORTEST_REASON} characters in your own words`,
    );
  }
}

/** People and their rights are an admin's to change; at first start, the host's. */
export function requireAdmin({ actor }: CommandContext): void {
  if (actor.kind === 'service') {
    if (actor.id === 'host' && actor.for === COMMISSIONING) return;
    throw new IdentityError('not-an-admin', `the service ${actor.id} may not change people or their rights`);
  }
  if (actor.kind === 'token') {
    throw new IdentityError('not-an-admin', `${actorName(actor)} may not change people or their rights`);
  }
  requireAdminPerson(actor);
}

/** A site that is being set up has nobody yet to confirm what an admin does. */
export function isInCommissioning({ actor }: CommandContext): boolean {
  switch (actor.kind) {
    case 'service':
      return actor.for === COMMISSIONING;
    case 'person':
      return actor.auth === 'commissioning';
    case 'token':
      return false;
  }
}

/** Who asked for what a second person confirms. */
export interface Requester {
  readonly id: string;
  readonly name: string;
}

/** @throws IdentityError `not-an-admin` */
export function requester(context: CommandContext): Requester {
  requireAdmin(context);
  return { id: context.actor.id, name: actorName(context.actor) };
}

interface Confirmed {
  /** Whom it is about. */
  readonly person: string;
  readonly requesterIsAdmin: boolean;
  readonly context: CommandContext;
}

/**
 * It takes two: neither who asked for it, nor the person whom it is about (R23).
 * @throws IdentityError `not-an-admin`, `own-rights`, `second-person-required`
 */
export function requireSecondPerson(
  { person, requesterIsAdmin, context }: Confirmed,
  requestedBy: Requester,
  roles: readonly Role[] = ['admin'],
): Requester {
  const { actor } = context;
  if (actor.kind !== 'person' || !roles.some((role) => actor.roles.includes(role))) {
    throw new IdentityError(
      'not-an-admin',
      `to confirm it takes a person with the role ${roles.join(' or ')}`,
    );
  }
  requireAnotherThan(person, context);
  requireNotAsked(requestedBy, context);
  requireNotTheirOwn(requestedBy, person, context);
  if (!requesterIsAdmin) {
    const who = `${requestedBy.name}, who asked for it, is no admin any more`;
    throw new IdentityError(
      'second-person-required',
      `${who}: ask for it again, and another person confirms it`,
    );
  }
  return { id: actor.id, name: actor.name };
}

/** Two accounts of one person are not two people (R27). @throws IdentityError `second-person-required` */
export function requireNotAsked(requestedBy: Requester, context: CommandContext): void {
  const { id } = context.actor;
  if (!isSamePerson(id, requestedBy.id, context)) return;
  const who = id === requestedBy.id ? 'you' : `${requestedBy.name}, whose other account this is,`;
  throw new IdentityError('second-person-required', `${who} asked for it: another person confirms it`);
}

/** It was found meanwhile that who asked has the account that it is about, too. @throws IdentityError `own-rights` */
export function requireNotTheirOwn(requestedBy: Requester, person: string, context: CommandContext): void {
  if (!isSamePerson(requestedBy.id, person, context)) return;
  throw new IdentityError(
    'own-rights',
    `${requestedBy.name}, who asked for it, has this account as well: another admin asks for it`,
  );
}

/** Nobody changes their own rights, in whichever of their accounts. With that, the last admin cannot be removed either: it takes another one. */
export function requireAnotherThan(person: string, context: CommandContext): void {
  if (context.actor.kind === 'person' && isSamePerson(context.actor.id, person, context)) {
    throw new IdentityError('own-rights', 'nobody may change their own rights; ask another admin');
  }
}

export function requireAdminPerson(actor: PersonActor): void {
  if (!actor.roles.includes('admin')) {
    const anew = '; who was recovered on the host has roles again once they have enrolled a second component';
    const why = actor.roles.length === 0 ? anew : '';
    throw new IdentityError('not-an-admin', `${actor.name} does not have the role admin${why}`);
  }
}
