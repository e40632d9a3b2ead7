import { isDeepStrictEqual } from 'node:util';
import type { JsonObject, JsonValue } from '#kernel';
import { readSuggestedCurrency } from '#snap';
import { UpstreamError, type RelayedAnswer, type UpstreamStore } from '#upstream/published';
import type { UpstreamSays } from '../answer/finish-refresh.js';
import type { ServingEvents } from '../serving-events.js';
import { upstreamWords } from '../upstream-words.js';
import { parseObject } from './parse-object.js';

/** snapd waits 10 s for us, and its user is to hear within 8 s what went wrong: what is left is for ourselves. */
export const UPSTREAM_BUDGET_MS = 7_000;

/** Upstream says that the device's session is over: the device must hear that itself. */
export interface SessionOver {
  readonly kind: 'session-over';
  readonly answer: RelayedAnswer;
}

/** Asks upstream a part of a refresh request. Never throws for what upstream does. */
export async function askRefresh(
  upstream: UpstreamStore,
  body: JsonObject,
  headers: Readonly<Record<string, string>>,
  events: ServingEvents,
): Promise<UpstreamSays | SessionOver> {
  try {
    const answer = await upstream.relay({
      method: 'POST',
      path: '/v2/snaps/refresh',
      headers: { ...headers, 'content-type': 'application/json', accept: 'application/json' },
      body: Buffer.from(JSON.stringify(body)),
      budget: UPSTREAM_BUDGET_MS,
    });
    if (answer.status === 401) return { kind: 'session-over', answer };
    if (answer.status !== 200)
      return { ...failed(events, `it answered with status ${answer.status}`), status: answer.status };
    return read(answer) ?? failed(events, 'its answer is not one to this request');
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    return failed(events, error.message, upstreamWords(error));
  }
}

function read({ body, headers }: RelayedAnswer): UpstreamSays | undefined {
  const answer = parseObject(body);
  const results = answer?.['results'];
  if (!answer || !Array.isArray(results)) return undefined;
  const errors = answer['error-list'];
  const empty = errors === undefined || errors === null || isDeepStrictEqual(errors, []);
  const currency = readSuggestedCurrency(headers);
  return {
    kind: 'answered',
    results: results as readonly JsonValue[],
    ...(empty ? {} : { errors }),
    ...(currency === undefined ? {} : { currency }),
  };
}

/** @param words for the device, where the message names hosts */
function failed(
  events: ServingEvents,
  message: string,
  words = message,
): UpstreamSays & { readonly kind: 'failed' } {
  events.upstreamFailed('refresh', message);
  const told = `this site has not decided on this snap, and the upstream store cannot be asked now: ${words}`;
  return { kind: 'failed', error: { code: 'upstream-unavailable', message: told } };
}
