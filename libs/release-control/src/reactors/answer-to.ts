import type { Clock, CommandContext, EventEnvelope, Reason } from '#kernel';
import { servingChangeRequest } from '../domain/change-request/change-request.js';

/** The context of a command that the worker gives because of an event. */
export function answerTo(
  envelope: EventEnvelope,
  id: string,
  clock: Clock,
  reason: Reason,
  authorisedBy: readonly string[] = [],
): CommandContext {
  return {
    at: clock.now(),
    actor: servingChangeRequest(id, 'worker'),
    reason,
    cause: envelope.id,
    correlation: envelope.correlation,
    authorisedBy,
  };
}
