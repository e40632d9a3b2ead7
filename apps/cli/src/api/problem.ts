import { exitCodeOfProblem } from './problem-exit-codes.js';
import type { ExitCode } from '../exit-codes.js';

/** What is wrong at one place of a request. */
export interface FieldError {
  /** RFC 6901. */
  readonly pointer: string;
  readonly detail: string;
}

/** RFC 9457 problem details, as control answers with them. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly code: string;
  readonly requestId?: string;
  readonly errors?: readonly FieldError[];
}

/** The server refused, and said why. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  constructor(readonly problem: Problem) {
    super(problem.detail ?? problem.title);
  }

  get exitCode(): ExitCode {
    return exitCodeOfProblem(this.problem);
  }
}

/** Whether it is the server's refusal with this code. */
export function isRefusal(error: unknown, code: string): boolean {
  return error instanceof ProblemError && error.problem.code === code;
}

/** Whatever came with an error status, as a problem: a proxy in between may answer with something else. */
export function problemFrom(status: number, body: unknown): Problem {
  const said = typeof body === 'object' && body !== null ? (body as Partial<Problem>) : {};
  return {
    ...said,
    type: said.type ?? 'about:blank',
    title: said.title ?? `The server answered with status ${status}`,
    status,
    code: said.code ?? `http-${status}`,
  };
}
