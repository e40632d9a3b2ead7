import { knownRings } from '#fleet/published';
import type { StreamWriter } from '#platform/decide-and-append';
import { soakCircle } from './domain/approval-policy/soak-circle.js';
import type { SoakRule } from './domain/approval-policy/soak-rule.js';
import { releasePolicy, releasePolicyStream } from './domain/release-policy/release-policy.js';

/** In words, the circle that a rule of soak would close, as the policies of the rings are at this moment; undefined: none. */
export async function whyCircle(
  writer: StreamWriter,
  ring: string,
  soak: SoakRule | undefined,
): Promise<string | undefined> {
  // One that names its own ring says so by itself.
  if (soak === undefined || soak.ring === ring) return undefined;
  const asked = new Map<string, string>();
  for (const each of await knownRings(writer)) {
    const { approval } = (await writer.load(releasePolicy, releasePolicyStream(each))).state;
    if (approval.soak) asked.set(each, approval.soak.ring);
  }
  const circle = soakCircle(ring, soak.ring, asked);
  return circle === null
    ? undefined
    : `${circle.join(' soaks in ')}: each would wait for the next, and none would get anything new`;
}
