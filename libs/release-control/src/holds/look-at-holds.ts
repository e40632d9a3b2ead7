import { uuidv7, type Clock } from '#kernel';
import { knownRings } from '#fleet/published';
import type { StreamWriter } from '#platform/decide-and-append';
import { heldIn, holdKey, holds, holdsStream, type HoldsEvent } from '../domain/holds/holds.js';
import { releasePolicy, releasePolicyStream } from '../domain/release-policy/release-policy.js';

export interface HoldsSeen {
  /** What was said now. */
  readonly events: readonly HoldsEvent[];
  /** How many holds are in force whose time is over. */
  readonly expired: number;
}

/** Looks at each hold in force that has an end: reminds of it, and says that it came. Whoever looks again, after a crash too, says nothing twice. */
export async function lookAtHolds(writer: StreamWriter, clock: Clock): Promise<HoldsSeen> {
  const events: HoldsEvent[] = [];
  let expired = 0;
  for (const ring of await knownRings(writer)) {
    const known = (await writer.load(holds, holdsStream(ring))).state;
    if (known.size === 0) continue;
    const { state: policy } = await writer.load(releasePolicy, releasePolicyStream(ring));
    for (const hold of heldIn(policy)) {
      if (!known.has(holdKey(hold))) continue;
      const id = uuidv7();
      const context = {
        at: clock.now(),
        actor: { kind: 'service', id: 'worker', for: holdsStream(ring) },
        reason: { code: 'hold-expiry', text: 'The terms of a hold are at their end, or close to it.' },
        cause: id,
        correlation: id,
        authorisedBy: [],
      } as const;
      const command = { type: 'LookAtHold', hold, context } as const;
      const looked = await writer.decideAndAppend(holds, holdsStream(ring), command);
      events.push(...looked.events);
      if (looked.state.get(holdKey(hold))?.expired) expired++;
    }
  }
  return { events, expired };
}
