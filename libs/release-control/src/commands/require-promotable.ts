import { knownRings, requireKnownRing } from '#fleet/published';
import type { StreamWriter } from '#platform/decide-and-append';
import type { ChangeItem } from '../domain/change-request/change-item.js';
import { ReleaseControlError } from '../domain/errors.js';
import { releasePolicy, releasePolicyStream } from '../domain/release-policy/release-policy.js';
import { requireEndsAhead } from '../domain/release-policy/served.js';

/**
 * A ring is given what a ring that releases go through before it holds, as long as the ends of those holds are ahead.
 * @param now RFC 3339
 * @throws FleetError `no-such-ring`; ReleaseControlError `not-a-promotion`
 */
export async function requirePromotable(
  writer: StreamWriter,
  ring: string,
  items: readonly ChangeItem[],
  now: string,
): Promise<void> {
  for (const item of items) {
    if (item.kind !== 'promotion') continue;
    await requireKnownRing(writer, item.from);
    const order = await knownRings(writer);
    if (order.indexOf(item.from) >= order.indexOf(ring))
      throw new ReleaseControlError(
        'not-a-promotion',
        `releases go through the rings in the order ${order.join(', ')}: ring ${ring} cannot be given what ${item.from} holds, which does not come before it`,
      );
    const { state: source } = await writer.load(releasePolicy, releasePolicyStream(item.from));
    const { state: to } = await writer.load(releasePolicy, releasePolicyStream(ring));
    requireEndsAhead(item.from, source, to, now);
  }
}

/**
 * A plan goes through rings in the order that releases go through.
 * @throws FleetError `no-such-ring`; ReleaseControlError `invalid-plan`
 */
export async function requireRingsInOrder(writer: StreamWriter, rings: readonly string[]): Promise<void> {
  for (const ring of rings) await requireKnownRing(writer, ring);
  const order = await knownRings(writer);
  const early = rings.find((ring, i) => i > 0 && order.indexOf(ring) < order.indexOf(rings[i - 1] ?? ring));
  if (early === undefined) return;
  throw new ReleaseControlError(
    'invalid-plan',
    `releases go through the rings in the order ${order.join(', ')}: ring ${early} comes too late in the plan`,
  );
}
