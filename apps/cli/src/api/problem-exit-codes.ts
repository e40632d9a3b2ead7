import { EXIT, type ExitCode } from '../exit-codes.js';

/** A broken record is reported with status 500, as HTTP has no better one; for a script it is something else than a failure. */
const INTEGRITY_CODES: ReadonlySet<string> = new Set([
  'malformed-event',
  'credential-tampered',
  'policy-malformed',
  'policy-bad-signature',
  'policy-of-another-ring',
  'policy-of-another-site',
]);

const BY_STATUS: Readonly<Record<number, ExitCode>> = {
  400: EXIT.usage,
  401: EXIT.notAllowed,
  403: EXIT.notAllowed,
  404: EXIT.notFound,
  409: EXIT.refused,
  413: EXIT.usage,
  415: EXIT.usage,
  422: EXIT.usage,
  502: EXIT.unreachable,
  504: EXIT.unreachable,
};

/** What a problem means for a script. The spec holds this against the table that the servers answer by. */
export function exitCodeOfProblem(problem: { readonly code: string; readonly status: number }): ExitCode {
  if (INTEGRITY_CODES.has(problem.code)) return EXIT.integrity;
  return BY_STATUS[problem.status] ?? EXIT.failure;
}
