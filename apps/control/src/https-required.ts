import { uuidv7 } from '#kernel';
import { HttpError } from '#platform/http/errors';
import { toProblem } from '#platform/problems/problem';
import type { PlainRefusal } from '#platform/tls/redirect-server';

/** The problem (RFC 9457) of plain HTTP. */
export function httpsRequired(sentence: string): PlainRefusal {
  const problem = toProblem(new HttpError('https-required', sentence), uuidv7());
  return { headers: { 'content-type': 'application/problem+json' }, body: JSON.stringify(problem) };
}
