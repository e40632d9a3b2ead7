import { uuidv7, type Clock, type CommandContext, type Reason } from '#kernel';
import { currentRequestId } from '#platform/http/request-id';
import { nodeStream } from './domain/node/node.js';

/** Of what a server records for a node: because the node said so, or because it says nothing. */
export function forNode(
  server: 'control' | 'worker' | 'host',
  name: string,
  clock: Clock,
  reason: Reason,
): CommandContext {
  return {
    at: clock.now(),
    actor: { kind: 'service', id: server, for: nodeStream(name) },
    reason,
    cause: uuidv7(),
    correlation: currentRequestId(),
    authorisedBy: [],
  };
}
