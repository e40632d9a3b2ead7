import type { EventEnvelope } from '#kernel';
import { endHold, type EndHoldPorts } from './end-hold.js';

/**
 * Once the time of a hold is over, what was signed with it comes about, by the authority of what approved it. Whether the ring still holds it so, and is in no freeze, is its policy's to decide, and so is whether
 * it was done before: after a crash it is told again.
 */
export function endHoldReactor(ports: EndHoldPorts) {
  return {
    name: 'end-expired-hold',
    async handle({ envelope }: { readonly envelope: EventEnvelope }): Promise<void> {
      if (envelope.type === 'HoldExpired') await endHold(ports, envelope);
    },
  };
}
