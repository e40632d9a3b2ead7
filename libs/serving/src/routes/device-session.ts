import type { FastifyRequest } from 'fastify';
import { LEVEL_V1, LEVEL_V2, readDeviceClaims } from '#snap';
import { ServingError } from '../errors.js';
import type { DeviceSession } from '../sessions/device-sessions.js';
import { relayedHeaders } from './device-request.js';
import type { SnapServing } from './snap-serving.js';

/**
 * Who the device has shown to be.
 * @returns undefined for one that shows no session: it may do without, a device that has no serial does
 * @throws ServingError `session-unknown`: the device then opens another one, and asks again (protocol page 3)
 */
export function sessionOf({ parts }: SnapServing, request: FastifyRequest): DeviceSession | undefined {
  const { deviceAuthorization } = readDeviceClaims(request.headers);
  if (deviceAuthorization === undefined) return undefined;
  const session = parts.sessions.open(deviceAuthorization, parts.now());
  if (session) return session;
  throw new ServingError('session-unknown', 'this session is not one of ours, or is over: open another one');
}

/** A request's headers for upstream, with upstream's own session in the place of ours. @throws ServingError `session-unknown` */
export function upstreamHeaders(serving: SnapServing, request: FastifyRequest): Record<string, string> {
  return withSession(request, sessionOf(serving, request));
}

/** As {@link upstreamHeaders}, for a device that asks for a session: the one that it had may be over. */
export function renewalHeaders(serving: SnapServing, request: FastifyRequest): Record<string, string> {
  return withSession(request, shownSession(serving, request));
}

/** As {@link sessionOf}, where nothing is refused by it: undefined also for a session that is not one of ours, or is over. */
export function shownSession({ parts }: SnapServing, request: FastifyRequest): DeviceSession | undefined {
  const { deviceAuthorization } = readDeviceClaims(request.headers);
  return deviceAuthorization === undefined
    ? undefined
    : parts.sessions.open(deviceAuthorization, parts.now());
}

/** A request's headers for upstream, with the session that upstream gave, if any, in the place of ours. */
export function withSession(
  request: FastifyRequest,
  session: DeviceSession | undefined,
): Record<string, string> {
  const headers = relayedHeaders(request);
  if (!session || session.upstream === null) return headers;
  // The two generations of endpoints have two names for it (protocol page 2).
  const { deviceAuthorization: newer } = LEVEL_V2;
  const name = request.headers[newer] === undefined ? LEVEL_V1.deviceAuthorization : newer;
  return { ...headers, [name]: `Macaroon root="${session.upstream}"` };
}
