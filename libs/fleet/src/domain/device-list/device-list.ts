import { actorName, sha256Hex, type CommandContext, type Decider, type DomainEvent } from '#kernel';
import { readDeviceName } from '#snap';
import { FleetError } from '../../errors.js';

export const LIST_NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;
export const LIST_NAME_RULE =
  'must be 1 to 63 small letters, digits and "-", and begin with a letter or a digit';

/** More make several lists: a proxy holds all that rules name. */
export const MOST_LISTED = 20_000;

/** Each is kept for ever, since a rule names the one that was approved. */
const MOST_VERSIONS = 1_000;

/** Bytes of devices in one event: with its head and envelope, whose reason may be long, it stays below 65,535. */
const MOST_BYTES = 40_000;

export function deviceListStream(list: string): string {
  return `device-list/${list}`;
}

/** A version of a list, or a part of it: its events are one append, and their devices, in order, are the list's. */
export type DeviceListImported = DomainEvent<
  'DeviceListImported',
  {
    readonly list: string;
    /** From 1. */
    readonly version: number;
    /** SHA-256, hex, of all its devices, one a line. */
    readonly digest: string;
    /** How many devices all parts have together. */
    readonly count: number;
    /** `brand/model/serial`, in order. */
    readonly devices: readonly string[];
  }
>;

export interface ImportDeviceList {
  readonly type: 'ImportDeviceList';
  readonly list: string;
  /** `brand/model/serial`, each once. */
  readonly devices: readonly string[];
  readonly context: CommandContext;
}

/** Which version it is. Its devices stand in the history alone. */
export interface ListVersion {
  readonly version: number;
  readonly digest: string;
  readonly count: number;
  /** Events that it is spread over. */
  readonly parts: number;
}

/** All versions, in order: the last is what a rule is made with. */
export type DeviceList = readonly ListVersion[];

/** SHA-256, hex, of devices in order, one a line. */
export function digestOfDevices(devices: readonly string[]): string {
  return sha256Hex(Buffer.from(devices.map((device) => `${device}\n`).join('')));
}

/**
 * The whole list, in the place of what it was. In itself it changes nothing for any device: a ring's rule names the version that was approved.
 * @throws FleetError `operator-required`, `invalid-device-list`
 */
function decide(
  { list, devices, context: { actor } }: ImportDeviceList,
  versions: DeviceList,
): readonly DeviceListImported[] {
  if (actor.kind !== 'person' || !actor.roles.includes('operator'))
    throw new FleetError('operator-required', `${actorName(actor)} does not have the role operator`);
  if (!LIST_NAME.test(list)) throw invalid(`the list's name ${list} ${LIST_NAME_RULE}`);
  requireDevices(list, devices);
  const sorted = devices.toSorted();
  const digest = digestOfDevices(sorted);
  if (versions.at(-1)?.digest === digest) return [];
  if (versions.length >= MOST_VERSIONS)
    throw invalid(
      `the list ${list} has ${versions.length} versions, which is all that it may have: begin another one`,
    );
  const head = { list, version: versions.length + 1, digest, count: sorted.length };
  return inParts(sorted).map((part) => ({ type: 'DeviceListImported', data: { ...head, devices: part } }));
}

function requireDevices(list: string, devices: readonly string[]): void {
  if (devices.length === 0) throw invalid(`the list ${list} would have no device in it`);
  if (devices.length > MOST_LISTED)
    throw invalid(
      `${devices.length} devices are too many for one list, at most ${MOST_LISTED}: make several`,
    );
  const seen = new Set<string>();
  for (const [i, device] of devices.entries()) {
    if (!readDeviceName(device))
      throw invalid(
        `device ${i + 1}, "${device}", is not brand/model/serial, each 1 to 100 printable characters without a space`,
      );
    if (seen.has(device)) throw invalid(`device ${i + 1}, ${device}, stands in the list twice`);
    seen.add(device);
  }
}

function inParts(devices: readonly string[]): readonly (readonly string[])[] {
  const parts: string[][] = [[]];
  let bytes = 0;
  for (const device of devices) {
    // ASCII, of which JSON may escape a quote and a backslash.
    const size = JSON.stringify(device).length + 1;
    if (bytes + size > MOST_BYTES) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)?.push(device);
    bytes += size;
  }
  return parts;
}

function evolve(versions: DeviceList, { data }: DeviceListImported): DeviceList {
  const { version, digest, count } = data;
  const last = versions.at(-1);
  if (last?.version === version) return versions.with(-1, { ...last, parts: last.parts + 1 });
  return [...versions, { version, digest, count, parts: 1 }];
}

function invalid(message: string): FleetError {
  return new FleetError('invalid-device-list', message);
}

export const deviceList: Decider<ImportDeviceList, DeviceListImported, DeviceList> & {
  readonly versions: { readonly DeviceListImported: 1 };
} = {
  initialState: [],
  versions: { DeviceListImported: 1 },
  decide,
  evolve,
};
