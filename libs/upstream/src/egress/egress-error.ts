import { UpstreamError } from '../errors.js';

const TIMEOUTS = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ETIMEDOUT',
]);

/**
 * What a failed exchange with `origin` means to a caller. `signal`, if it is what ended it, gives its own reason.
 * @param through the origin of the forward proxy, where there is one between
 */
export function egressError(error: unknown, origin: string, signal?: AbortSignal, through?: string): unknown {
  if (error instanceof UpstreamError) return error;
  if (signal?.aborted) return signal.reason;
  const cause = { cause: error };
  const refused = through === undefined ? undefined : refusalOf(error);
  if (refused !== undefined) {
    return new UpstreamError(
      'unreachable',
      `the forward proxy ${through} does not let us through to ${origin}: ${refused}`,
      cause,
    );
  }
  const there = through === undefined ? origin : `${origin} through the forward proxy ${through}`;
  const code = codeOf(error);
  if (code !== undefined && TIMEOUTS.has(code)) {
    return new UpstreamError('timed-out', `${there} took too long`, cause);
  }
  if (code?.startsWith('HPE_')) {
    return new UpstreamError('malformed-answer', `${there} doesn't speak HTTP: ${code}`, cause);
  }
  const why = error instanceof Error && error.message !== '' ? error.message : (code ?? String(error));
  return new UpstreamError('unreachable', `cannot reach ${there}: ${why}`, cause);
}

/** undici has a forward proxy's status in its messages only. */
function refusalOf(error: unknown): string | undefined {
  const status = /^Proxy (?:response|Authentication Required) \((\d{3})\)/.exec(
    error instanceof Error ? error.message : '',
  )?.[1];
  if (status === undefined) return undefined;
  return status === '407'
    ? 'it wants other credentials (407); see HOLDFAST_FORWARD_PROXY_CREDENTIALS_FILE'
    : `it answers with status ${status}`;
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
