import type { FastifyRequest } from 'fastify';
import type { JsonObject, JsonValue } from '#kernel';
import type { UpstreamSays } from '../answer/finish-refresh.js';
import { stepsToRelay, type RefreshPlan, type RefreshStep } from '../answer/plan-refresh.js';
import { isObject } from '../answer/refresh-results.js';
import { askedOfSnap, questionName } from '../remembered/question.js';
import type { Recalled } from '../remembered/remembered-answers.js';
import { askerOf } from './asker.js';
import { parseObject } from './parse-object.js';
import type { SnapServing } from './snap-serving.js';

/** What an absent result is remembered as. */
const NOTHING_NEWER = Buffer.from('null');

interface Question {
  readonly step: RefreshStep;
  readonly name: string;
}

/**
 * Remembers what upstream said to each relayed action by itself: another device with the same question gets it when upstream cannot be asked,
 * whatever else either has installed.
 * @returns what upstream says, with what it said before where it is gone
 * @throws ServingError `session-unknown`
 */
export async function withRemembered(
  serving: SnapServing,
  request: FastifyRequest,
  body: JsonObject,
  plan: RefreshPlan,
  upstream: UpstreamSays,
): Promise<UpstreamSays> {
  const questions = questionsOf(serving, request, body, plan);
  if (upstream.kind === 'answered') {
    for (const question of questions) remember(serving, question, upstream);
    return upstream;
  }
  // A status that says no to this request is an answer, if not a good one.
  if (upstream.status !== undefined && upstream.status < 500) return upstream;
  const remembered = new Map<string, JsonObject | null>();
  let newest: Recalled | undefined;
  for (const { step, name } of questions) {
    const recalled = await serving.parts.remembered.recall(name);
    if (!recalled) continue;
    const result = recalled.body.equals(NOTHING_NEWER) ? null : parseObject(recalled.body);
    if (result === undefined) continue;
    serving.parts.events.answeredStale('refresh', recalled.ageMs);
    remembered.set(step.action.instanceKey, result);
    if (newest === undefined || recalled.ageMs < newest.ageMs) newest = recalled;
  }
  const currency = newest?.currency;
  return { ...upstream, remembered, ...(currency === undefined ? {} : { currency }) };
}

function questionsOf(
  serving: SnapServing,
  request: FastifyRequest,
  body: JsonObject,
  plan: RefreshPlan,
): readonly Question[] {
  const asker = askerOf(serving, request);
  const fields = body['fields'] ?? null;
  const actions = listOf(body['actions']);
  const context = new Map(
    listOf(body['context'])
      .filter(isObject)
      .map((item) => [item['instance-key'], item]),
  );
  return stepsToRelay(plan).map((step) => ({
    step,
    name: questionName(
      'refresh',
      asker,
      askedOfSnap(actions[step.index] ?? null, context.get(step.action.instanceKey), fields),
    ),
  }));
}

function remember(
  { parts }: SnapServing,
  { step, name }: Question,
  { results, errors, currency }: UpstreamSays & { readonly kind: 'answered' },
): void {
  const result = results.filter(isObject).find((each) => each['instance-key'] === step.action.instanceKey);
  if (result === undefined) {
    // With general errors, no result may be for want of one.
    if (errors === undefined && step.action.action === 'refresh')
      parts.remembered.remember(name, 'nothing newer', () => NOTHING_NEWER, currency);
    return;
  }
  const snap = result['snap'];
  if (result['result'] === 'error') parts.remembered.forget(name);
  else if (isObject(snap) && Number.isSafeInteger(snap['revision']))
    parts.remembered.remember(
      name,
      String(Number(snap['revision'])),
      () => Buffer.from(JSON.stringify(result)),
      currency,
    );
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : [];
}
