import type { EgressAnswer } from '../egress/egress.js';
import { egressError } from '../egress/egress-error.js';
import { UpstreamError } from '../errors.js';

/** The whole body, of at most `limit` bytes. @throws UpstreamError `malformed-answer`, `unreachable`, `timed-out` */
export async function readBody(answer: EgressAnswer, limit: number, signal: AbortSignal): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of answer.body as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      if (size > limit) {
        throw new UpstreamError(
          'malformed-answer',
          `${answer.url.origin} answered with more than ${limit} bytes`,
        );
      }
      chunks.push(chunk);
    }
  } catch (error) {
    throw egressError(error, answer.url.origin, signal);
  }
  return Buffer.concat(chunks, size);
}

/** Whatever the content type says: fakestore answers JSON as text/plain. @throws UpstreamError `malformed-answer` */
export function parseJsonObject(bytes: Uint8Array, what: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new UpstreamError('malformed-answer', `upstream's answer about ${what} isn't JSON`, { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UpstreamError('malformed-answer', `upstream's answer about ${what} isn't a JSON object`);
  }
  return value as Record<string, unknown>;
}
