import { AnswerLost } from '#api-client/again-when-lost';
import { ApiProblem } from '#api-client/problem';
import { CliError } from '../cli-error.js';
import { problemFrom, ProblemError } from './problem.js';

/** How the calls of one subject get what Control would answer, or throw what it would. */
export type Answered = <Answer>(asked: Promise<Answer>) => Promise<Answer>;

/**
 * A server's answer, or what to tell of it.
 * @throws ProblemError when the server refuses; CliError `unreachable`
 */
export async function answered<Answer>(url: string, asked: Promise<Answer>): Promise<Answer> {
  try {
    return await asked;
  } catch (cause) {
    if (cause instanceof ApiProblem) throw new ProblemError(problemFrom(cause.status, cause.problem));
    if (cause instanceof AnswerLost) {
      const lost = `${url} broke off, and does not answer any more: whether it was done is not known. Look before you do it again`;
      throw new CliError('unreachable', lost, { cause });
    }
    const why = `${url} does not answer: ${reasonOf(cause)}. Is "holdfast up" running there?`;
    throw new CliError('unreachable', why, { cause });
  }
}

/** fetch says "fetch failed" and hides why in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof Error) return cause.message || ((cause as NodeJS.ErrnoException).code ?? cause.name);
  return error.message;
}
