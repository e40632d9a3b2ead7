import { listedDevices, type DeviceList, type StreamHistory } from '#fleet/published';
import { namedVersions, type SiteMembership, type SiteRules } from './build.js';

/** The devices of the lists that rules name, read back from the history. @throws as `listedDevices` */
export async function listsOf(
  members: Pick<SiteRules, 'members'>,
  versionsOf: (list: string) => DeviceList | Promise<DeviceList>,
  history: StreamHistory,
): Promise<SiteMembership['lists']> {
  const lists = new Map<string, { readonly version: number; readonly devices: readonly string[] }[]>();
  for (const { list, version } of namedVersions(members)) {
    const devices = await listedDevices(history, list, await versionsOf(list), version);
    lists.set(list, [...(lists.get(list) ?? []), { version, devices }]);
  }
  return lists;
}
