import type { JsonObject, JsonValue } from '#kernel';
import {
  assertionError,
  assertionNotFound,
  type Assertion,
  type AssertionError,
  type AssertionRequest,
} from '#snap';
import { isObject } from '../answer/refresh-results.js';
import type { UpstreamSays } from '../answer/finish-refresh.js';
import type { AssertionQuery } from './assertion-request.js';
import { queryOf, type FetchGroup, type MaxFormats } from './fetch-plan.js';
import { numberOf } from './relayed-assertions.js';

/** Our addresses of assertions, as a device can reach them. */
export interface AssertionAddresses {
  /** Of one assertion: a stream of one. */
  one(query: AssertionQuery): string;
  /** Of a stream that upstream has. */
  relayed(upstream: string, formats: MaxFormats): string;
}

/** Upstream's assertion as it was last seen here; undefined for one that never was. */
export type LastSeen = (query: AssertionQuery) => Promise<SeenAssertion | undefined>;
export type SeenAssertion = Pick<Assertion, 'revision' | 'primaryKey'>;

/** The answer to a group (protocol page 4.2, 4.5): addresses of ours for all that is newer than what the device has. */
export async function finishFetch(
  group: FetchGroup,
  upstream: UpstreamSays,
  addresses: AssertionAddresses,
  lastSeen: LastSeen,
): Promise<JsonObject> {
  const urls: string[] = [];
  const errors: JsonValue[] = [];
  const asked: AssertionRequest[] = [];
  for (const step of group.steps) {
    if (step.kind === 'ours') urls.push(addresses.one(step.query));
    if (step.kind === 'hidden') errors.push(asJson(assertionNotFound(step.request)));
    if (step.kind === 'ask') asked.push(step.request);
  }
  if (asked.length > 0) {
    const answer =
      upstream.kind === 'answered'
        ? fromUpstream(group, asked, upstream.results, addresses)
        : await fromLastSeen(group, asked, upstream.error.message, addresses, lastSeen);
    urls.push(...answer.urls);
    errors.push(...answer.errors.map(asJson));
  }
  const result = { result: 'fetch-assertions', key: group.key, 'assertion-stream-urls': urls };
  return errors.length === 0 ? result : { ...result, 'error-list': errors };
}

/** A store has one for a group, or one for each assertion of a small one. Each costs us a sealed address. */
const MOST_STREAMS = 1_000;

interface Fetched {
  readonly urls: readonly string[];
  readonly errors: readonly AssertionError[];
}

function fromUpstream(
  group: FetchGroup,
  asked: readonly AssertionRequest[],
  results: readonly JsonValue[],
  addresses: AssertionAddresses,
): Fetched {
  const result = results
    .filter(isObject)
    .find((each) => each['result'] === 'fetch-assertions' && each['key'] === group.key);
  const urls = result?.['assertion-stream-urls'] ?? (result ? [] : undefined);
  if (!Array.isArray(urls) || urls.length > MOST_STREAMS || !urls.every(isWebAddress)) {
    const says = 'the upstream store did not answer this question about assertions';
    return { urls: [], errors: asked.map((request) => assertionError(request, 'upstream-malformed', says)) };
  }
  const list = result?.['error-list'];
  const told = Array.isArray(list) ? (list as readonly JsonValue[]).filter(isObject) : [];
  // A device may ask for thousands, and upstream have none of them.
  const errors = new Map(told.map((each) => [nameOf(each), each]));
  return {
    urls: (urls as readonly string[]).map((url) => addresses.relayed(url, group.formats)),
    errors: asked.flatMap((request) => {
      const error = errors.get(nameOf(request));
      return error ? [said(request, error)] : [];
    }),
  };
}

function said(request: AssertionRequest, { code, message }: JsonObject): AssertionError {
  const text = (value: JsonValue | undefined, otherwise: string): string =>
    typeof value === 'string' ? value : otherwise;
  return assertionError(request, text(code, 'upstream-malformed'), text(message, 'upstream did not say why'));
}

/** Of what an assertion was asked for by, the same in a request and in an error. */
function nameOf(about: Readonly<Record<string, unknown>> | AssertionRequest): string {
  const { type, 'primary-key': primaryKey, 'sequence-key': sequenceKey } = about;
  return JSON.stringify([type, primaryKey ?? sequenceKey]);
}

/**
 * Without upstream nothing newer is known than what was last seen here: a device that has it is up to date. One that needs what was never seen
 * must not take it for something that does not exist.
 */
async function fromLastSeen(
  group: FetchGroup,
  asked: readonly AssertionRequest[],
  why: string,
  addresses: AssertionAddresses,
  lastSeen: LastSeen,
): Promise<Fetched> {
  const urls: string[] = [];
  const errors: AssertionError[] = [];
  for (const request of asked) {
    const query = queryOf(request, group.formats);
    const seen = await lastSeen(query);
    if (seen && isNewer(seen, request)) urls.push(addresses.one(query));
    else if (!seen && !hasOne(request))
      // A device of a brand asks for its store at each install and does without (protocol page 7).
      errors.push(
        request.type === 'store'
          ? assertionNotFound(request)
          : assertionError(request, 'upstream-unavailable', why),
      );
  }
  return { urls, errors };
}

/** Whether the device has one of them already (protocol page 4.1). */
function hasOne(request: AssertionRequest): boolean {
  return (
    (request['if-newer-than'] ??
      request['if-sequence-equal-or-newer-than'] ??
      request['if-sequence-newer-than']) !== undefined
  );
}

/** Of a sequence's latest, a higher number is newer, whatever its revision. */
function isNewer(seen: SeenAssertion, request: AssertionRequest): boolean {
  const { 'if-sequence-newer-than': newer, 'if-sequence-equal-or-newer-than': equalOrNewer } = request;
  if (newer !== undefined) return numberOf(seen) > newer;
  if (equalOrNewer !== undefined && numberOf(seen) !== equalOrNewer) return numberOf(seen) > equalOrNewer;
  const known = request['if-newer-than'];
  return known === undefined || seen.revision > known;
}

function isWebAddress(value: JsonValue): value is string {
  return typeof value === 'string' && /^https?:\/\//.test(value);
}

function asJson(error: AssertionError): JsonObject {
  return { ...error };
}
