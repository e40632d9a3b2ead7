import { requireRing, rings, RINGS_STREAM, type Rings } from './domain/rings/rings.js';

/** Of the stream writer, what is needed here: proxies import this context's published words, and must not reach a writer by them. */
interface Streams {
  load(decider: typeof rings, stream: string): Promise<{ readonly state: Rings }>;
}

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
