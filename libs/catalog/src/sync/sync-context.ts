import { uuidv7, type Clock, type CommandContext, type EventEnvelope, type Reason } from '#kernel';
import { WATCH_LIST_STREAM } from '../domain/watch-list/watch-list.js';

/** The context of a look that the schedule asks for. */
export function onSchedule(clock: Clock): CommandContext {
  const id = uuidv7();
  return {
    at: clock.now(),
    actor: { kind: 'service', id: 'worker', for: WATCH_LIST_STREAM },
    reason: { code: 'sync', text: 'the schedule asks for a look at every watched snap' },
    cause: id,
    correlation: id,
    authorisedBy: [],
  };
}

/** The context of a command that the worker gives because of an event in the stream that it serves. */
export function because(envelope: EventEnvelope, clock: Clock, reason: Reason): CommandContext {
  return {
    at: clock.now(),
    actor: { kind: 'service', id: 'worker', for: envelope.stream },
    reason,
    cause: envelope.id,
    correlation: envelope.correlation,
    authorisedBy: [],
  };
}
