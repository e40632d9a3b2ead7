import { deviceList, deviceListStream, knownRings, listedDevices } from '#fleet/published';
import type { StreamWriter } from '#platform/decide-and-append';
import { releasePolicy, releasePolicyStream } from '../domain/release-policy/release-policy.js';
import type { Membership } from './capture-submitted-change/resolve-members.js';

/** The rules and lists of the site, as they are now. */
export function membershipOf(writer: StreamWriter): Membership {
  const list = async (name: string) => (await writer.load(deviceList, deviceListStream(name))).state;
  return {
    rings: () => knownRings(writer),
    policyOf: async (ring) => (await writer.load(releasePolicy, releasePolicyStream(ring))).state,
    list,
    devices: async (name, version) => listedDevices(writer, name, await list(name), version),
  };
}
