import type { StreamWriter } from '#platform/decide-and-append';
import { requireRing, rings, RINGS_STREAM, type Rings } from './domain/rings/rings.js';

type Streams = Pick<StreamWriter, 'load'>;

/** In the order in which releases go through them; straight from their stream, so that a new one is seen at once. */
export async function knownRings(streams: Streams): Promise<Rings> {
  return (await streams.load(rings, RINGS_STREAM)).state;
}

/**
 * A ring that there is not is a mistake, and not a ring without a policy.
 * @throws FleetError `no-such-ring`
 */
export async function requireKnownRing(streams: Streams, ring: string): Promise<void> {
  requireRing(await knownRings(streams), ring);
}
