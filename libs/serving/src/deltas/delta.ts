import type { JsonObject, JsonValue } from '#kernel';
import { isObject } from '../answer/refresh-results.js';

/** The way from what a device has to what is held (protocol page 6). */
export interface WantedDelta {
  readonly snapId: string;
  /** Installed. */
  readonly source: number;
  /** Held. */
  readonly target: number;
  /** Hex, of the held artefact: what the device checks the outcome against. */
  readonly sha3_384: string;
  /** What the device can apply, the best first. */
  readonly formats: readonly string[];
}

export interface Delta {
  readonly format: string;
  readonly source: number;
  readonly target: number;
  /** Where upstream has it. */
  readonly upstream: string;
  /** Bytes. */
  readonly size: number;
  /** Hex, of the delta itself. */
  readonly sha3_384: string;
}

/** The delta in upstream's answer to the held revision, if it has the one that is wanted. It may lead to nothing but the held artefact. */
export function deltaIn(result: JsonObject, wanted: WantedDelta): Delta | undefined {
  const { snap } = result;
  if (!isObject(snap) || result['snap-id'] !== wanted.snapId || snap['revision'] !== wanted.target)
    return undefined;
  const { download } = snap;
  if (!isObject(download) || download['sha3-384'] !== wanted.sha3_384) return undefined;
  const given = download['deltas'];
  const deltas = Array.isArray(given) ? (given as readonly JsonValue[]).filter(isObject) : [];
  const usable = deltas.flatMap((delta) => read(delta, wanted) ?? []);
  return wanted.formats.flatMap((format) => usable.find((delta) => delta.format === format) ?? [])[0];
}

function read(delta: JsonObject, { source, target, formats }: WantedDelta): Delta | undefined {
  const { format, url, size, 'sha3-384': digest } = delta;
  if (typeof format !== 'string' || !formats.includes(format)) return undefined;
  if (delta['source'] !== source || delta['target'] !== target) return undefined;
  if (typeof url !== 'string' || !/^https?:\/\//.test(url)) return undefined;
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 1) return undefined;
  if (typeof digest !== 'string' || !/^[0-9a-f]{96}$/.test(digest)) return undefined;
  return { format, source, target, upstream: url, size, sha3_384: digest };
}
