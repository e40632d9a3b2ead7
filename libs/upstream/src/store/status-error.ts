import { UpstreamError } from '../errors.js';
import { retryAfterMs } from './retry-after.js';

/** The error for an answer with a status other than what the endpoint answers success with. @param what was asked for */
export function statusError({ status, headers }: Refused, what: string): UpstreamError {
  if (status === 404) return new UpstreamError('not-found', `upstream has no ${what}`, { status });
  return new UpstreamError('server-error', `upstream answered ${status} when asked for ${what}`, {
    status,
    retryAfterMs: retryAfterMs(headers['retry-after'], Date.now()),
  });
}

interface Refused {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}
