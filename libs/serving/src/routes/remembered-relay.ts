import type { FastifyRequest } from 'fastify';
import { readSuggestedCurrency, SUGGESTED_CURRENCY } from '#snap';
import { UpstreamError, type RelayedAnswer, type RelayRequest } from '#upstream/published';
import { questionName } from '../remembered/question.js';
import { askerOf } from './asker.js';
import { UPSTREAM_BUDGET_MS } from './ask-upstream.js';
import { upstreamHeaders } from './device-session.js';
import type { SnapServing } from './snap-serving.js';

export interface RememberedRelay {
  /** What is asked, as events call it. */
  readonly what: 'info' | 'find' | 'catalogue';
  /** Path and query, as upstream is asked. */
  readonly path: string;
  /** Whether an answer with status 200 is one at all. */
  readonly isGood: (body: Buffer) => boolean;
}

/**
 * GETs something of upstream's that no policy is about yet, or what it last answered where it cannot be asked: it is silent, or answers with an
 * error of its own or with something else. What it does say (not found, wait, another session) counts.
 * @returns an answer that is good, or says no with a status below 500; an UpstreamError when nothing is known
 * @throws ServingError `session-unknown`
 */
export async function relayRemembered(
  serving: SnapServing,
  request: FastifyRequest,
  { what, path, isGood }: RememberedRelay,
): Promise<RelayedAnswer | UpstreamError> {
  const { remembered, events } = serving.parts;
  const question = questionName(what, askerOf(serving, request), path);
  const answer = await ask(serving, { method: 'GET', path, headers: upstreamHeaders(serving, request) });
  if (!(answer instanceof UpstreamError)) {
    if (answer.status === 200 && isGood(answer.body)) {
      remembered.remember(question, '200', () => answer.body, readSuggestedCurrency(answer.headers));
      return answer;
    }
    if (answer.status === 404) remembered.forget(question);
    if (answer.status !== 200 && answer.status < 500) return answer;
  }
  const failure = answer instanceof UpstreamError ? answer : noAnswer(answer);
  events.upstreamFailed(what, failure.message);
  const recalled = await remembered.recall(question);
  if (!recalled) return failure;
  events.answeredStale(what, recalled.ageMs);
  const { body, currency } = recalled;
  return { status: 200, headers: currency === undefined ? {} : { [SUGGESTED_CURRENCY]: currency }, body };
}

function noAnswer({ status }: RelayedAnswer): UpstreamError {
  return status === 200
    ? new UpstreamError('malformed-answer', 'upstream answered 200 with something else than was asked for')
    : new UpstreamError('server-error', `upstream answered with status ${status}`, { status });
}

async function ask({ parts }: SnapServing, request: RelayRequest): Promise<RelayedAnswer | UpstreamError> {
  try {
    return await parts.upstream.relay({ ...request, budget: UPSTREAM_BUDGET_MS });
  } catch (error) {
    if (error instanceof UpstreamError) return error;
    throw error;
  }
}
