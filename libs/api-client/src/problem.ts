import type { components } from './schema.js';

export type Problem = components['schemas']['Problem'];

/** What the server refused, or failed at. `problem` is undefined when something that is not ours answered. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';

  constructor(
    readonly status: number,
    readonly problem: Problem | undefined,
  ) {
    super(
      problem ? `${problem.title}: ${problem.detail}` : `the server answered ${status}, without a reason`,
    );
  }
}

export function isProblem(answer: unknown): answer is Problem {
  if (typeof answer !== 'object' || answer === null) return false;
  const { code, title, detail } = answer as Record<string, unknown>;
  return [code, title, detail].every((member) => typeof member === 'string');
}
