import type { Clock, EventEnvelope } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { releasePolicy, releasePolicyStream } from '../../domain/release-policy/release-policy.js';
import type { Subject } from '../../release-target.js';

export interface BlockReactorPorts {
  readonly writer: StreamWriter;
  readonly clock: Clock;
  readonly rings: () => Promise<readonly string[]>;
  /** Of which subject an event says that its publisher, or the store, did something that a person must look at; undefined when it says no such thing. */
  readonly changedBy: (envelope: EventEnvelope) => Promise<(Subject & { readonly name: string }) | undefined>;
}

/**
 * Tells each ring's policy of publishers' doings. Whether one blocks the snap is the policy's to decide, and so is whether it did already: after a
 * crash it is told again.
 */
export function blockReactor({ writer, clock, rings, changedBy }: BlockReactorPorts) {
  return {
    name: 'block-changed-snap',
    async handle({ envelope }: { readonly envelope: EventEnvelope }): Promise<void> {
      const changed = await changedBy(envelope);
      if (!changed) return;
      const { id, type, at, stream, correlation } = envelope;
      for (const ring of await rings()) {
        await writer.decideAndAppend(releasePolicy, releasePolicyStream(ring), {
          type: 'BlockSnap',
          ...changed,
          because: { event: id, type, at },
          context: {
            at: clock.now(),
            actor: { kind: 'service', id: 'worker', for: stream },
            reason: {
              code: 'publisher-change',
              text: `${type} of ${changed.name}: ring ${ring} blocks such snaps until they are approved again`,
            },
            cause: id,
            correlation,
            authorisedBy: [],
          },
        });
      }
    },
  };
}
