import { EXIT, type ExitCode } from '../exit-codes.js';

/**
 * A record that is not as it was made is answered with 500, as HTTP has no better status, and with its code; a plain failure has one of these.
 */
const PLAIN_FAILURES: ReadonlySet<string> = new Set([
  'internal-error',
  'not-canonical',
  'rebuild-failed',
  'settings-file-damaged',
  'http-500',
]);

const BY_STATUS: Readonly<Record<number, ExitCode>> = {
  400: EXIT.usage,
  401: EXIT.notAllowed,
  403: EXIT.notAllowed,
  404: EXIT.notFound,
  409: EXIT.refused,
  412: EXIT.refused,
  413: EXIT.usage,
  415: EXIT.usage,
  422: EXIT.refused,
  502: EXIT.unreachable,
  504: EXIT.unreachable,
};

/** What a problem means for a script. The spec holds this against the table that the servers answer by. */
export function exitCodeOfProblem(problem: { readonly code: string; readonly status: number }): ExitCode {
  if (problem.status === 500 && !PLAIN_FAILURES.has(problem.code)) return EXIT.integrity;
  return BY_STATUS[problem.status] ?? EXIT.failure;
}
