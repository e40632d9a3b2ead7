import { deviceList, deviceListStream, knownRings } from '#fleet/published';
import type { StreamWriter } from '#platform/decide-and-append';
import { releasePolicy, releasePolicyStream } from '../domain/release-policy/release-policy.js';
import type { Membership } from './capture-submitted-change/resolve-members.js';

/** The rules and lists of the site, as they are now. */
export function membershipOf(writer: StreamWriter): Membership {
  return {
    rings: () => knownRings(writer),
    policyOf: async (ring) => (await writer.load(releasePolicy, releasePolicyStream(ring))).state,
    list: async (name) => (await writer.load(deviceList, deviceListStream(name))).state,
  };
}
