import type { FastifyRequest } from 'fastify';
import type { JsonObject, JsonValue } from '#kernel';
import { ACCEPT_DELTA_FORMAT } from '#snap';
import { UpstreamError, type UpstreamStore } from '#upstream/published';
import type { RefreshPlan, RefreshStep } from '../answer/plan-refresh.js';
import { isObject, NEEDED_FIELDS } from '../answer/refresh-results.js';
import { deltaIn, type Delta, type WantedDelta } from '../deltas/delta.js';
import type { DeltaShelf } from '../deltas/delta-shelf.js';
import { parseObject } from './parse-object.js';

/** A delta saves a device bytes, never more than that: nobody waits long for one. */
const BUDGET_MS = 2_500;
const MOST_FORMATS = 8;

interface Sought {
  readonly step: RefreshStep;
  readonly wanted: WantedDelta;
}

export interface DeltaSources {
  readonly shelf: DeltaShelf;
  readonly upstream: Pick<UpstreamStore, 'relay'>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Deltas from what is installed to what is held, by instance-key. They are upstream's, and optional: without upstream, or when it has none, the
 * device gets the whole artefact.
 */
export async function heldDeltas(
  { shelf, upstream, now }: DeltaSources,
  plan: RefreshPlan,
  body: JsonObject,
  headers: Readonly<Record<string, string>>,
  request: FastifyRequest,
): Promise<ReadonlyMap<string, Delta>> {
  const formats = formatsOf(request);
  if (formats.length === 0) return new Map();
  const sought = plan.steps.flatMap((step) => soughtBy(step, formats));
  const unknown = sought.filter(({ wanted }) => !shelf.recall(wanted, now()));
  if (unknown.length > 0) {
    const results = await ask(upstream, unknown, body, headers);
    // That a device's session is over says nothing of deltas: the next device asks again.
    if (results !== 'session-over') remember(shelf, unknown, results, now());
  }
  return new Map(
    sought.flatMap(({ step, wanted }) => {
      const delta = shelf.recall(wanted, now())?.delta;
      return delta ? [[step.action.instanceKey, delta] as const] : [];
    }),
  );
}

function remember(
  shelf: DeltaShelf,
  sought: readonly Sought[],
  results: readonly JsonObject[] | undefined,
  now: number,
): void {
  for (const { step, wanted } of sought) {
    const result = results?.find((each) => each['instance-key'] === step.action.instanceKey);
    shelf.remember(wanted, results ? result && deltaIn(result, wanted) : 'failed', now);
  }
}

function formatsOf(request: FastifyRequest): readonly string[] {
  const given = request.headers[ACCEPT_DELTA_FORMAT];
  if (typeof given !== 'string') return [];
  const formats = given.split(',').map((format) => format.trim());
  return formats.filter((format) => /^[a-z0-9-]{1,32}$/.test(format)).slice(0, MOST_FORMATS);
}

function soughtBy(step: RefreshStep, formats: readonly string[]): Sought[] {
  const { action, decision } = step;
  if (decision.kind !== 'held' || action.installed === undefined) return [];
  const { subject, version, blob } = decision.release.manifest;
  if (action.installed === Number(version)) return [];
  const wanted = {
    snapId: subject,
    source: action.installed,
    target: Number(version),
    sha3_384: blob.sha3_384,
    formats,
  };
  return [{ step, wanted }];
}

/** @returns undefined when upstream does not answer in time, or not to this; a session that is over keeps no device from what is held */
async function ask(
  upstream: Pick<UpstreamStore, 'relay'>,
  sought: readonly Sought[],
  body: JsonObject,
  headers: Readonly<Record<string, string>>,
): Promise<readonly JsonObject[] | 'session-over' | undefined> {
  const keys = new Set<JsonValue | undefined>(sought.map(({ step }) => step.action.instanceKey));
  const context = Array.isArray(body['context'])
    ? (body['context'] as readonly JsonValue[]).filter(isObject)
    : [];
  const question = {
    context: context.filter((each) => keys.has(each['instance-key'])),
    actions: sought.map(({ step: { action }, wanted }) => ({
      action: 'refresh',
      'instance-key': action.instanceKey,
      'snap-id': wanted.snapId,
      revision: wanted.target,
    })),
    fields: NEEDED_FIELDS,
  };
  try {
    const answer = await upstream.relay({
      method: 'POST',
      path: '/v2/snaps/refresh',
      headers: { ...headers, 'content-type': 'application/json', accept: 'application/json' },
      body: Buffer.from(JSON.stringify(question)),
      budget: BUDGET_MS,
    });
    if (answer.status === 401) return 'session-over';
    const results = answer.status === 200 ? parseObject(answer.body)?.['results'] : undefined;
    return Array.isArray(results) ? (results as readonly JsonValue[]).filter(isObject) : undefined;
  } catch (error) {
    if (error instanceof UpstreamError) return undefined;
    throw error;
  }
}
