import type { AssertionRequest, FetchAssertionsAction } from '#snap';
import { assertionType, isAssertionType, withoutDefaults } from '#snap';
import type { RingAccess } from '../policy/ring-access.js';
import { hidesQuery } from './assertion-access.js';
import type { AssertionQuery } from './assertion-request.js';
import type { CapturedAssertions } from './captured-assertions.js';

/** The newest format that the device understands, of types that have more than format 0. */
export type MaxFormats = Readonly<Record<string, number>>;

/** What a ring says of assertions. */
export interface AssertionsView {
  readonly access: RingAccess;
  readonly assertions: CapturedAssertions;
}

/** One asked assertion, with what the ring says of it. */
export type FetchStep =
  /** What was captured and approved is newer than what the device has. */
  | { readonly kind: 'ours'; readonly query: AssertionQuery }
  /** The device has what was approved, or what is newer. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'hidden'; readonly request: AssertionRequest; readonly query: AssertionQuery }
  /** `index` in the group's `assertions`. */
  | { readonly kind: 'ask'; readonly request: AssertionRequest; readonly index: number };

/** A group of a request, `index` in its `actions`. */
export interface FetchGroup {
  readonly key: string;
  readonly index: number;
  readonly formats: MaxFormats;
  readonly steps: readonly FetchStep[];
}

/** Decides a group of fetch-assertions by what was captured (protocol page 4.5): only the rest is upstream's to say. */
export function planFetch(
  ring: AssertionsView,
  { key, assertions }: FetchAssertionsAction,
  index: number,
  formats: MaxFormats,
): FetchGroup {
  return { key, index, formats, steps: assertions.map((request, i) => step(ring, request, i, formats)) };
}

function step(
  ring: AssertionsView,
  request: AssertionRequest,
  index: number,
  formats: MaxFormats,
): FetchStep {
  const query = queryOf(request, formats);
  const captured = ring.assertions.find(query.type, query.primaryKey, query.maxFormat);
  if (captured) {
    const known = request['if-newer-than'];
    return known === undefined || captured.revision > known ? { kind: 'ours', query } : { kind: 'nothing' };
  }
  return hidesQuery(ring.access, query)
    ? { kind: 'hidden', request, query }
    : { kind: 'ask', request, index };
}

/** The same question, as a single GET asks it. A sequence without a number: its latest. */
export function queryOf(request: AssertionRequest, formats: MaxFormats): AssertionQuery {
  const { type, 'sequence-key': sequenceKey, sequence } = request;
  const key = request['primary-key'] ?? sequenceKey ?? [];
  const primaryKey = isAssertionType(type) ? withoutDefaults(assertionType(type), key) : key;
  const latest = sequence === undefined ? 'latest' : String(sequence);
  return {
    type,
    primaryKey,
    maxFormat: formats[type] ?? 0,
    sequence: sequenceKey === undefined ? undefined : latest,
  };
}
