import type { UpstreamError } from '#upstream/published';

/**
 * What a device is told of a failed call upstream. The error's own message names hosts: it is for the log, since the addresses that a device
 * gets are sealed so that it learns of none.
 */
export function upstreamWords({ code, status }: UpstreamError): string {
  switch (code) {
    case 'unreachable':
      return 'it cannot be reached, or broke off';
    case 'timed-out':
      return 'it took too long';
    case 'server-error':
      return `it answered with status ${status ?? 'unknown'}`;
    case 'malformed-answer':
      return 'it answered with something else, or with too much';
    case 'not-found':
      return 'it has not got it';
    case 'refused-address':
      return 'it leads to an address that this site does not connect to';
  }
}
