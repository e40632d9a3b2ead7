import { decodeEvent, type Clock, type EventEnvelope } from '#kernel';
import type { EventStore } from '#event-store/port';
import type { StreamWriter } from '#platform/decide-and-append';
import { holdKey, holdsStream, type HeldNow, type HoldExpired } from '../../domain/holds/holds.js';
import { releasePolicy, releasePolicyStream } from '../../domain/release-policy/release-policy.js';
import { approvalOf } from './approval-of.js';

export interface EndHoldPorts {
  readonly writer: StreamWriter;
  readonly store: EventStore;
  readonly clock: Clock;
}

const STREAMS = holdsStream('');

/** Has what was signed to come of a hold come about, by the event that says that its time is over, unless the ring holds it otherwise by now, or is in a freeze that it waits for. */
export async function endHold({ writer, store, clock }: EndHoldPorts, expired: EventEnvelope): Promise<void> {
  const { id, type, at, stream, correlation } = expired;
  const { target, name, version, expiresAt, action, changeRequest } =
    expired.data as unknown as HoldExpired['data'];
  if (action === undefined || action === 'keep' || changeRequest === undefined) return;
  const what = action === 'release' ? 'given back to upstream' : 'not served any more';
  await writer.decideAndAppend(releasePolicy, releasePolicyStream(stream.slice(STREAMS.length)), {
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
}

/** As {@link endHold}, of a hold of a ring that stands though it was said that its time is over: a freeze had its end wait. */
export async function endHoldAgain(ports: EndHoldPorts, ring: string, hold: HeldNow): Promise<void> {
  let said: EventEnvelope | undefined;
  for await (const { bytes } of ports.store.readStream(holdsStream(ring))) {
    const event = decodeEvent(bytes);
    if (event.type !== 'HoldExpired') continue;
    const data = event.data as unknown as HoldExpired['data'];
    if (holdKey(data) === holdKey(hold) && data.expiresAt === hold.expiry?.at) said = event;
  }
  if (said) await endHold(ports, said);
}
