import { deviceList, deviceListStream, knownRings, type DeviceList } from '#fleet/published';
import type { StreamWriter } from '#platform/decide-and-append';
import { releasePolicy, releasePolicyStream } from '../domain/release-policy/release-policy.js';
import type { Membership } from '../domain/release-policy/state.js';
import { orderedMembership } from '../membership-document/build.js';
import type { MembershipDocument } from '../membership-document/document.js';

/** Who is in which ring now. */
export interface SiteMembers extends Pick<MembershipDocument, 'rings' | 'rules' | 'lists'> {
  /** The change request that a ring's rule was approved in. */
  approvedIn(ring: string, rule: string): string | null;
}

/** Of the rings' own streams and not of a read model: whoever asks is told what is decided. */
export async function siteMembers(streams: Pick<StreamWriter, 'load'>): Promise<SiteMembers> {
  const rings = await knownRings(streams);
  const members = new Map<string, ReadonlyMap<string, Membership>>();
  for (const ring of rings)
    members.set(ring, (await streams.load(releasePolicy, releasePolicyStream(ring))).state.members);
  const rules = new Map([...members].map(([ring, its]) => [ring, [...its.values()].map(({ rule }) => rule)]));
  const lists = new Map<string, DeviceList>();
  for (const rule of [...rules.values()].flat())
    if (rule.of === 'list' && !lists.has(rule.list))
      lists.set(rule.list, (await streams.load(deviceList, deviceListStream(rule.list))).state);
  return {
    ...orderedMembership({ rings, members: rules, lists }),
    approvedIn: (ring, rule) => members.get(ring)?.get(rule)?.changeRequest ?? null,
  };
}
