import { decodeEvent } from '#kernel';
import {
  deviceListStream,
  digestOfDevices,
  type DeviceList,
  type DeviceListImported,
} from './domain/device-list/device-list.js';
import { FleetError } from './errors.js';

/** Of an event store, or of a stream writer, what is needed here. */
export interface StreamHistory {
  /** A stream's events from number `from` on, oldest first. */
  readStream(stream: string, from: bigint): AsyncIterable<{ readonly bytes: Uint8Array }>;
}

/**
 * The devices of a version, read back from the history: a list of tens of thousands is held by nobody who is not about to use it. What comes is compared
 * with the digest that is known of it.
 * @param versions the list, as it was folded
 * @throws FleetError `no-such-device-list`; Error where the history gives other devices than were imported
 */
export async function listedDevices(
  history: StreamHistory,
  list: string,
  versions: DeviceList,
  version: number,
): Promise<readonly string[]> {
  const at = versions.findIndex((each) => each.version === version);
  const head = versions[at];
  if (!head)
    throw new FleetError(
      'no-such-device-list',
      versions.length === 0
        ? `there is no list of devices "${list}"`
        : `the list ${list} has no version ${version}, its newest is ${versions.length}`,
    );
  const before = versions.slice(0, at).reduce((sum, { parts }) => sum + parts, 0);
  const devices: string[] = [];
  for await (const { bytes } of history.readStream(deviceListStream(list), BigInt(before))) {
    // Of a version that this release knows: it was folded before.
    const data = decodeEvent(bytes).data as unknown as DeviceListImported['data'];
    if (data.version !== version) break;
    devices.push(...data.devices);
  }
  if (digestOfDevices(devices) === head.digest) return devices;
  throw new Error(
    `version ${version} of the list ${list} is read back with other devices than were imported`,
  );
}
