import type { CommandContext, Clock, Reason, TokenActor } from '#kernel';
import { commandId } from '#platform/given-command';
import { currentRequestId } from '#platform/http/request-id';
import { IdentityError } from '../domain/errors.js';
import type { TokenScope } from '../domain/token/events.js';

/** A token that is good at this moment. */
export interface OpenToken {
  readonly scope: TokenScope;
  /** Who acts in a command given with it. */
  readonly actor: TokenActor;
  /** Why it acts, marked as the standing reason that it is. */
  readonly reason: Reason;
}

/** @throws IdentityError `token-out-of-scope` */
export function requireRing({ scope, actor }: OpenToken, ring: string): void {
  if (scope.rings.includes(ring)) return;
  throw new IdentityError(
    'token-out-of-scope',
    `the token ${actor.name} is for ${scope.rings.join(', ')}, not for ${ring}`,
  );
}

/** The context of a command that a token gives: our clock, the request's id, and the standing reason. */
export function tokenContext({ actor, reason }: OpenToken, clock: Clock): CommandContext {
  return {
    at: clock.now(),
    actor,
    reason,
    cause: commandId(),
    correlation: currentRequestId(),
    authorisedBy: [],
  };
}
