import { Metadata, status, type ServerErrorResponse } from '@grpc/grpc-js';
import type { Faults } from './faults.js';

/** How the product refuses a call at once; null when it takes it. */
export function callRefusal(faults: Faults, call: Metadata): Partial<ServerErrorResponse> | null {
  if (faults.unavailable) return { code: status.UNAVAILABLE, details: 'Server Is Not Ready' };
  if (faults.denied)
    return refusal(status.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' });
  if (faults.leader && call.get('requires-leader').length > 0) {
    const { host, port } = faults.leader;
    return refusal(status.NOT_FOUND, 'Leader info available', {
      exception: 'not-leader',
      'leader-endpoint-host': host,
      'leader-endpoint-port': String(port),
    });
  }
  return null;
}

export function tooLarge(maxAppendBytes: number): Partial<ServerErrorResponse> {
  return refusal(status.INVALID_ARGUMENT, `Maximum Append Size of ${maxAppendBytes} Exceeded.`, {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': String(maxAppendBytes),
  });
}

function refusal(
  code: status,
  details: string,
  trailers: Readonly<Record<string, string>>,
): Partial<ServerErrorResponse> {
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(trailers)) metadata.set(key, value);
  return { code, details, metadata };
}
