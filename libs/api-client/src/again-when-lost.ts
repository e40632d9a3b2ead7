import { setTimeout as delay } from 'node:timers/promises';
import { ApiProblem } from './problem.js';

/** Milliseconds before each further try: together about as long as a server takes to start again. */
const PAUSES = [250, 500, 1_000, 2_000, 4_000];

/** The connection broke after the request had gone out, and the server could not be asked again. */
export class AnswerLost extends Error {
  override readonly name = 'AnswerLost';
}

/**
 * Asks again when the answer was lost on the way, or when the server itself does not know whether it recorded what was asked. A server that was not there in the
 * first place is not waited for.
 * @param ask sends the same each time, with the same Idempotency-Key
 */
export async function againWhenLost<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  let lost: unknown;
  for (const pause of [...PAUSES, undefined]) {
    try {
      return await ask();
    } catch (error) {
      if (!mayHelp(error, lost === undefined)) throw error;
      lost = error;
      if (pause === undefined) break;
      await delay(pause);
    }
  }
  if (lost instanceof ApiProblem) throw lost;
  throw new AnswerLost('the connection broke, and the server does not answer any more', { cause: lost });
}

function mayHelp(error: unknown, isFirst: boolean): boolean {
  if (error instanceof ApiProblem) return error.problem?.code === 'outcome-unknown';
  return !isTimeout(error) && !(isFirst && isNobodyThere(error));
}

/** Whoever waited so long is not asked to wait as long again. */
function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError';
}

/** Nothing was sent: the address is nobody's, or not what it should be. Of what broke after that, `fetch` has other codes. */
function isNobodyThere(error: unknown): boolean {
  const { code } = ((error as Error | undefined)?.cause ?? {}) as NodeJS.ErrnoException;
  return code === undefined || !BROKEN.includes(code);
}

const BROKEN: readonly string[] = ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'ETIMEDOUT', 'ECONNABORTED'];
