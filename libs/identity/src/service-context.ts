import { uuidv7, type CommandContext, type Reason } from '#kernel';
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
