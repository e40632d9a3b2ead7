import { uuidv7, type CommandContext, type PersonActor, type Reason } from '#kernel';
import type { KnownPerson } from './domain/person/state.js';
import { commandId } from '#platform/given-command';
import { currentRequestId } from '#platform/http/request-id';

/** The context of what control records by itself, about `record`. */
export function controlContext(record: string, at: string, reason: Reason): CommandContext {
  return {
    at,
    actor: { kind: 'service', id: 'control', for: record },
    reason,
    cause: uuidv7(),
    correlation: currentRequestId(),
    authorisedBy: [],
  };
}

/** The context of what a person does without a session: the proof of who they are is in the command. @param at RFC 3339 */
export function ownContext(
  id: string,
  { name, roles }: KnownPerson,
  auth: PersonActor['auth'],
  at: string,
  reason: Reason,
): CommandContext {
  return {
    at,
    actor: { kind: 'person', id, name, roles, auth },
    reason,
    cause: commandId(),
    correlation: currentRequestId(),
    authorisedBy: [],
  };
}
