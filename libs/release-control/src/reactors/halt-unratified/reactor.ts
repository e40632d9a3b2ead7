import type { EventEnvelope } from '#kernel';
import { changeRequest } from '../../domain/change-request/change-request.js';
import { isEmergency } from '../../domain/change-request/state.js';
import { haltWhenDue, type HaltedUnratified, type RatificationPorts } from './halt-unratified.js';

/** Answers a refusal at once. What was not ratified in time no event says: that is looked for. */
export function refusedRatificationReactor(
  ports: RatificationPorts & { readonly onHalted: (halted: HaltedUnratified) => void },
) {
  return {
    name: 'halt-refused-emergency',
    async handle({ envelope }: { readonly envelope: EventEnvelope }): Promise<void> {
      if (envelope.type !== 'RatificationRefused') return;
      const { state } = await ports.writer.load(changeRequest, envelope.stream);
      if (!isEmergency(state)) return;
      const halted = await haltWhenDue(
        ports,
        { ring: state.ring, request: state, halt: 'none' },
        ports.clock.now(),
      );
      if (halted) ports.onHalted(halted);
    },
  };
}
