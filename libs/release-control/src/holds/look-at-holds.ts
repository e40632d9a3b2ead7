import { knownRings } from '#fleet/published';
import type { StreamWriter } from '#platform/decide-and-append';
import { frozenAt } from '../domain/approval-policy/freeze.js';
import { changeRequest, changeRequestStream } from '../domain/change-request/change-request.js';
import {
  heldIn,
  holdKey,
  holds,
  holdsStream,
  isOver,
  type HeldNow,
  type HoldsEvent,
  type SignedEnd,
} from '../domain/holds/holds.js';
import { endHoldAgain, type EndHoldPorts } from '../reactors/end-expired-hold/end-hold.js';
import { releasePolicy, releasePolicyStream } from '../domain/release-policy/release-policy.js';
import { lookingAt } from './looking-at.js';

export interface HoldsSeen {
  /** What was said now. */
  readonly events: readonly HoldsEvent[];
  /** How many holds are in force whose time is over. */
  readonly expired: number;
}

/** Looks at each hold in force that has an end: reminds of it, and says that it came. Whoever looks again, after a crash too, says nothing twice. What was signed to come of it, and waits for the end of a freeze since that was said, comes about then. */
export async function lookAtHolds(ports: EndHoldPorts): Promise<HoldsSeen> {
  const { writer, clock } = ports;
  const events: HoldsEvent[] = [];
  let expired = 0;
  for (const ring of await knownRings(writer)) {
    const known = (await writer.load(holds, holdsStream(ring))).state;
    const { state: policy } = await writer.load(releasePolicy, releasePolicyStream(ring));
    const frozen = frozenAt(policy.approval.freezes ?? [], clock.now()) !== null;
    for (const hold of heldIn(policy)) {
      if (!hold.expiry && !known.has(holdKey(hold))) continue;
      const text = 'The time of a hold is over, or nearly so.';
      const context = lookingAt(ring, clock, { code: 'hold-expiry', text });
      const signed = await signedEnd(writer, hold);
      const command = { type: 'LookAtHold', hold, signed, frozen, context } as const;
      const looked = await writer.decideAndAppend(holds, holdsStream(ring), command);
      events.push(...looked.events);
      const seen = looked.state.get(holdKey(hold));
      if (known.get(holdKey(hold))?.ended && hold.expiry?.action === 'release' && !frozen)
        await endHoldAgain(ports, ring, hold);
      if (isOver(seen, hold.expiry?.at ?? seen?.terms?.expiresAt ?? null)) expired++;
    }
  }
  return { events, expired };
}

async function signedEnd(
  writer: StreamWriter,
  { expiry, changeRequest: id }: HeldNow,
): Promise<SignedEnd | null> {
  if (!expiry) return null;
  const { state } = await writer.load(changeRequest, changeRequestStream(id));
  if (state.status === 'none') return null;
  return { expiry, changeRequest: id, author: state.author.name, reason: state.reason.text };
}
