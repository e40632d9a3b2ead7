import type { Clock, EventEnvelope } from '#kernel';
import type { EventStore } from '#event-store/port';
import type { StreamWriter } from '#platform/decide-and-append';
import type { HoldExpired } from '../../domain/holds/holds.js';
import { holdsStream } from '../../domain/holds/holds.js';
import { releasePolicy, releasePolicyStream } from '../../domain/release-policy/release-policy.js';
import { approvalOf } from './approval-of.js';

export interface EndHoldPorts {
  readonly writer: StreamWriter;
  readonly store: EventStore;
  readonly clock: Clock;
}

const STREAMS = holdsStream('');

/**
 * Once the time of a hold is over, what was signed with it comes about, by the authority of what approved it. Whether the ring still holds it so is its policy's to decide, and so is whether
 * it was done before: after a crash it is told again.
 */
export function endHoldReactor({ writer, store, clock }: EndHoldPorts) {
  return {
    name: 'end-expired-hold',
    async handle({ envelope }: { readonly envelope: EventEnvelope }): Promise<void> {
      if (envelope.type !== 'HoldExpired') return;
      const data = envelope.data as unknown as HoldExpired['data'];
      const { target, name, version, expiresAt, action, changeRequest } = data;
      if (action === undefined || action === 'keep' || changeRequest === undefined) return;
      const { id, type, at, stream, correlation } = envelope;
      const ring = stream.slice(STREAMS.length);
      const what = action === 'release' ? 'given back to upstream' : 'not served any more';
      await writer.decideAndAppend(releasePolicy, releasePolicyStream(ring), {
        type: 'EndHold',
        target,
        version,
        expiry: { at: expiresAt, action },
        because: { event: id, type, at },
        context: {
          at: clock.now(),
          actor: { kind: 'service', id: 'worker', for: stream },
          reason: {
            code: 'hold-expiry',
            text: `${name} ${version} was to be held until ${expiresAt} and then ${what}, as ${changeRequest} says`,
          },
          cause: id,
          correlation,
          authorisedBy: await approvalOf(store, changeRequest),
        },
      });
    },
  };
}
