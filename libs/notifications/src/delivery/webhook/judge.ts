import type { Outcome } from '../transport.js';

/** What a status says of a message: 2xx took it; what may pass is tried again; any other 4xx, and a redirect, is a no. */
export function judge(status: number, retryAfterMs: number | undefined): Outcome {
  if (status >= 200 && status < 300) return { kind: 'delivered' };
  const retry = { retryAfterMs };
  if (status >= 300 && status < 400)
    return {
      kind: 'refused',
      why: `it redirects (${status}), which is not followed: give the sink the address itself`,
      ...retry,
    };
  const why = `it answers with status ${status}`;
  const passes = status >= 500 || [408, 425, 429].includes(status);
  return { kind: passes ? 'failed' : 'refused', why, ...retry };
}
