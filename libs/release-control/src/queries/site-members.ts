import { deviceList, deviceListStream, knownRings } from '#fleet/published';
import type { StreamWriter } from '#platform/decide-and-append';
import { releasePolicy, releasePolicyStream } from '../domain/release-policy/release-policy.js';
import type { Membership } from '../domain/release-policy/state.js';
import { orderedLists, orderedRules, type SiteRules } from '../membership-document/build.js';
import type { MembershipDocument } from '../membership-document/document.js';
import { listsOf } from '../membership-document/lists-of.js';

/** By which rules devices are in which ring now. */
export interface RulesInForce extends Pick<MembershipDocument, 'rings' | 'rules'> {
  /** The change request that a ring's rule was approved in. */
  approvedIn(ring: string, rule: string): string | null;
}

/** Who is in which ring now. */
export type SiteMembers = RulesInForce & Pick<MembershipDocument, 'lists'>;

/** Of the rings' own streams and not of a read model: whoever asks is told what is decided. */
export async function rulesInForce(streams: Pick<StreamWriter, 'load'>): Promise<RulesInForce> {
  return inForce(await folded(streams));
}

/** As {@link rulesInForce}, with the devices of the lists that rules name. */
export async function siteMembers(streams: Pick<StreamWriter, 'load' | 'readStream'>): Promise<SiteMembers> {
  const site = await folded(streams);
  const versionsOf = async (list: string) => (await streams.load(deviceList, deviceListStream(list))).state;
  const lists = await listsOf(site.rules, versionsOf, streams);
  return { ...inForce(site), lists: orderedLists({ ...site.rules, lists }) };
}

interface FoldedSite {
  readonly rules: SiteRules;
  readonly members: ReadonlyMap<string, ReadonlyMap<string, Membership>>;
}

async function folded(streams: Pick<StreamWriter, 'load'>): Promise<FoldedSite> {
  const rings = await knownRings(streams);
  const members = new Map<string, ReadonlyMap<string, Membership>>();
  for (const ring of rings)
    members.set(ring, (await streams.load(releasePolicy, releasePolicyStream(ring))).state.members);
  const rules = new Map([...members].map(([ring, its]) => [ring, [...its.values()].map(({ rule }) => rule)]));
  return { rules: { rings, members: rules }, members };
}

function inForce({ rules, members }: FoldedSite): RulesInForce {
  return {
    ...orderedRules(rules),
    approvedIn: (ring, rule) => members.get(ring)?.get(rule)?.changeRequest ?? null,
  };
}
