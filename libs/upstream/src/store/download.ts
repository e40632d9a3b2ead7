import { pipeline, Transform, type Readable } from 'node:stream';
import type { EgressAnswer } from '../egress/egress.js';
import { egressError } from '../egress/egress-error.js';
import { statusError } from './status-error.js';
import type { CallOptions, Download } from './upstream-store.js';

const DOWNLOAD_HEADERS = ['content-length', 'content-range', 'content-type', 'etag', 'last-modified'];

/** An answer's body as a download. @throws UpstreamError `not-found`, `server-error` */
export function startDownload(answer: EgressAnswer, options: CallOptions): Download {
  const { status } = answer;
  if (status !== 200 && status !== 206) {
    answer.body.destroy();
    throw statusError(answer, `download ${answer.url.pathname}`);
  }
  return { status, headers: downloadHeaders(answer), body: explained(answer, options.signal) };
}

function downloadHeaders(answer: EgressAnswer): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of DOWNLOAD_HEADERS) {
    const value = answer.headers[name];
    if (typeof value === 'string') headers[name] = value;
  }
  return headers;
}

/** The body, its errors told in our words. */
function explained(answer: EgressAnswer, signal: AbortSignal | undefined): Readable {
  const passed = new Transform({ transform: (chunk, _encoding, done) => done(null, chunk) });
  // Errors reach the reader as `passed`'s own; pipeline's callback only has to be there.
  answer.body.once('error', (error) => {
    const told = egressError(error, answer.url.origin, signal);
    passed.destroy(told instanceof Error ? told : new Error(String(told)));
  });
  pipeline(answer.body, passed, () => undefined);
  return passed;
}
