import { UpstreamError } from '../errors.js';

const TIMEOUTS = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ETIMEDOUT',
]);

/** What a failed exchange with `origin` means to a caller. `signal`, if it is what ended it, gives its own reason. */
export function egressError(error: unknown, origin: string, signal?: AbortSignal): unknown {
  if (error instanceof UpstreamError) return error;
  if (signal?.aborted) return signal.reason;
  const cause = { cause: error };
  const code = codeOf(error);
  if (code !== undefined && TIMEOUTS.has(code)) {
    return new UpstreamError('timed-out', `${origin} took too long`, cause);
  }
  if (code?.startsWith('HPE_')) {
    return new UpstreamError('malformed-answer', `${origin} doesn't speak HTTP: ${code}`, cause);
  }
  const why = error instanceof Error && error.message !== '' ? error.message : (code ?? String(error));
  return new UpstreamError('unreachable', `cannot reach ${origin}: ${why}`, cause);
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
