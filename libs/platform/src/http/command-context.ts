import type { Clock, CommandContext, PersonActor, Reason } from '#kernel';
import { commandId } from '../given-command.js';
import { currentRequestId } from './request-id.js';

export interface PersonsCommand {
  /** Who commands: a session, or what `personActor` makes of it. */
  readonly session: { readonly actor: PersonActor };
  readonly reason: Reason;
  readonly clock: Clock;
  /** The request that brought it; by default the one that is being answered. */
  readonly request?: { readonly id: string };
}

/** The context of a command that a person gives at the REST API: our clock, the request's id, and the person's reason. */
export function commandContext({ session, reason, clock, request }: PersonsCommand): CommandContext {
  const { code, text, ticket } = reason;
  return {
    at: clock.now(),
    actor: session.actor,
    reason: { code, text, ...(ticket === undefined ? {} : { ticket }) },
    cause: commandId(),
    correlation: request?.id ?? currentRequestId(),
    authorisedBy: [],
  };
}
