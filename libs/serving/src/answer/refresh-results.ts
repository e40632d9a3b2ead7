import type { SnapCaptureManifest } from '#catalog/published';
import type { JsonObject, JsonValue } from '#kernel';
import { isSnapId } from '#snap';
import { entryWithOurAddresses, type AddressMedia, type AddressRelayed } from './download-addresses.js';
import { refuse, type HeldAnswer, type Refusal } from './decide-action.js';
import type { PassOn } from './decide-relayed.js';
import type { DeviceAction, ResultError } from './device-action.js';
import type { Delta } from '../deltas/delta.js';
import { heldSnapObject, onlyFields, snapFileName } from './held-snap-object.js';
import { shortened } from './resolve-channel.js';

/** Makes an address of ours for a kept artefact. */
export type AddressKept = (
  artefact: { snapId: string; sha256: string; sha3_384: string; size: number },
  file: string,
) => string;

/** Our addresses, as a device can reach them. */
export interface Addresses {
  readonly kept: AddressKept;
  readonly relayed: AddressRelayed;
  readonly media: AddressMedia;
}

/** A result (protocol page 4.2) for what is held: its manifest says all. */
export function heldResult(
  action: DeviceAction,
  held: HeldAnswer,
  fields: readonly string[] | undefined,
  addresses: Addresses,
  delta?: Delta,
): JsonObject {
  const { manifest } = held.release;
  const address = keptAddress(manifest, addresses);
  return {
    result: action.action,
    'instance-key': action.instanceKey,
    'snap-id': manifest.subject,
    name: manifest.name,
    'effective-channel': shortened(held.effectiveChannel),
    ...(held.redirectChannel === undefined ? {} : { 'redirect-channel': held.redirectChannel }),
    snap: withDelta(heldSnapObject(manifest, fields, address), delta, manifest, addresses),
  };
}

/** Ours, of the artefact that a manifest names. */
export function keptAddress(manifest: SnapCaptureManifest, { kept }: Pick<Addresses, 'kept'>): string {
  const { subject, name, version, blob } = manifest;
  return kept({ snapId: subject, ...blob }, snapFileName(name, version));
}

/** snapd takes exactly one, or none (protocol page 6). */
function withDelta(
  snap: JsonObject,
  delta: Delta | undefined,
  { name, subject }: SnapCaptureManifest,
  addresses: Addresses,
): JsonObject {
  const { download } = snap;
  if (!delta || !isObject(download)) return snap;
  const { upstream, sha3_384, size, format, source, target } = delta;
  const artefact = { from: 'delta', snapId: subject, upstream, sha3_384, size } as const;
  const url = addresses.relayed(artefact, deltaFileName(name, source, target));
  const ours = { format, source, target, url, size, 'sha3-384': sha3_384 };
  return { ...snap, download: { ...download, deltas: [ours] } };
}

function deltaFileName(name: string, source: number, target: number): string {
  return snapFileName(name, `${source}_${target}`).replace(/\.snap$/, '.delta');
}

/** Without a `name` snapd takes an error of an install for a general one (protocol page 4.2). */
export function errorResult(action: DeviceAction, error: ResultError, name: string): JsonObject {
  const { code, message, releases } = error;
  const extra = releases && { releases: releases.map((release) => ({ ...release })) };
  return {
    result: 'error',
    'instance-key': action.instanceKey,
    ...(action.snapId === undefined ? {} : { 'snap-id': action.snapId }),
    name,
    error: extra ? { code, message, extra } : { code, message },
  };
}

/** Upstream's result, as a device may see it. A result without an artefact that can be verified is none. */
export function passedResult(
  action: DeviceAction,
  passed: PassOn,
  result: JsonObject,
  fields: readonly string[] | undefined,
  addresses: Addresses,
): { readonly kind: 'result'; readonly result: JsonObject } | Refusal {
  const snap = result['snap'];
  const name = typeof result['name'] === 'string' ? result['name'] : action.name;
  if (!isObject(snap) || !Number.isSafeInteger(snap['revision'])) return malformed('without a revision');
  if (action.revision !== undefined && snap['revision'] !== action.revision)
    return malformed('with another revision than was asked for');
  const of = { snapId: snapIdOf(result), file: snapFileName(name ?? 'snap', Number(snap['revision'])) };
  const ours = entryWithOurAddresses(snap, addresses, of);
  if (!isObject(ours['download'])) return malformed('without a download that could be verified');
  return {
    kind: 'result',
    result: {
      ...entryWithOurAddresses({ ...result, snap: null }, addresses, of),
      result: action.action,
      'instance-key': action.instanceKey,
      ...(name === undefined ? {} : { name }),
      'effective-channel': shortened(passed.effectiveChannel),
      snap: fields ? onlyFields(ours, fields) : ours,
    },
  };
}

/** What must be asked of upstream, whatever the device asked for, so that its answer can be judged. */
export const NEEDED_FIELDS: readonly string[] = ['download', 'name', 'revision', 'snap-id'];

function malformed(how: string): Refusal {
  return refuse('upstream-malformed', `the upstream store answered ${how}`);
}

/** Upstream's `snap-id` of a result, an info or a found snap; undefined for what is none. */
export function snapIdOf({ 'snap-id': snapId }: JsonObject): string | undefined {
  return typeof snapId === 'string' && isSnapId(snapId) ? snapId : undefined;
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
