import { UpstreamError } from '../errors.js';
import type { EgressRequest } from './egress.js';

/** snapd follows ten; a store needs one or two. */
export const MOST_REDIRECTS = 5;

/** What proves who asks goes to the origin that it was meant for, and no further. */
const PERSONAL_HEADERS = ['authorization', 'snap-device-authorization', 'x-device-authorization', 'cookie'];

/**
 * The request that an answer redirects to (RFC 9110, 15.4), undefined when it doesn't redirect. A body is only sent again where
 * the status says so (307, 308).
 * @throws UpstreamError `malformed-answer`
 */
export function redirected(
  request: EgressRequest,
  status: number,
  location: string | string[] | undefined,
): EgressRequest | undefined {
  if (![301, 302, 303, 307, 308].includes(status)) return undefined;
  const url = typeof location === 'string' ? URL.parse(location, request.url.href) : null;
  if (!url) {
    throw new UpstreamError('malformed-answer', `${request.url.origin} redirects to nowhere`, { status });
  }
  const reads = request.method === 'GET' || request.method === 'HEAD';
  if (!reads && status !== 307 && status !== 308) {
    throw new UpstreamError('malformed-answer', `${request.url.origin} redirects a ${request.method}`, {
      status,
    });
  }
  return {
    ...request,
    url,
    headers: url.origin === request.url.origin ? request.headers : withoutPersonal(request.headers),
  };
}

function withoutPersonal(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !PERSONAL_HEADERS.includes(name.toLowerCase())),
  );
}
