import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { rememberRequestActor } from '#platform/idempotency/request-actor';
import { IdentityError } from '../domain/errors.js';
import type { Session } from './session.js';

const SESSIONS = new WeakMap<object, Session>();

export function rememberSession(request: object, session: Session): void {
  SESSIONS.set(request, session);
  rememberRequestActor(request, session.person.id);
}

/** @throws IdentityError `not-signed-in` on a route that is public */
export function sessionOf(request: object): Session {
  const session = SESSIONS.get(request);
  if (!session) throw new IdentityError('not-signed-in', 'sign in first');
  return session;
}

/** The session that {@link SessionGuard} let in: `approve(@CurrentSession() session: Session, …)`. */
export const CurrentSession = createParamDecorator((_data: unknown, context: ExecutionContext): Session => {
  return sessionOf(context.switchToHttp().getRequest<object>());
});
