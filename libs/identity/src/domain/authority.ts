import { actorName, type CommandContext, type PersonActor } from '#kernel';
import { IdentityError } from './errors.js';

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

/** Nobody changes their own rights. With that, the last admin cannot be removed either: it takes another one. */
export function requireAnotherThan(person: string, { actor }: CommandContext): void {
  if (actor.kind === 'person' && actor.id === person) {
    throw new IdentityError('own-rights', 'nobody may change their own rights; ask another admin');
  }
}

export function requireAdminPerson(actor: PersonActor): void {
  if (!actor.roles.includes('admin')) {
    throw new IdentityError('not-an-admin', `${actor.name} does not have the role admin`);
  }
}
