import { uuidv7, type Clock, type CommandContext, type Reason } from '#kernel';
import { holdsStream } from '../domain/holds/holds.js';

/** Of what the worker says of a ring's holds as it looks at them, which nobody asked for. */
export function lookingAt(ring: string, clock: Clock, reason: Reason): CommandContext {
  const id = uuidv7();
  return {
    at: clock.now(),
    actor: { kind: 'service', id: 'worker', for: holdsStream(ring) },
    reason,
    cause: id,
    correlation: id,
    authorisedBy: [],
  };
}
