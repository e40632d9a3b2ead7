import type { FastifyRequest } from 'fastify';
import type { Claims } from '../policy/served-rings.js';
import type { DeviceSession } from '../sessions/device-sessions.js';
import { markOf } from './device-mark.js';

/** Of whom nothing is known. */
export const NOBODY: Claims = { device: null, address: undefined, host: undefined };

/** What rules of membership ask of a device. The address is the socket's own: what a header says in its place is the sender's to choose. */
export function claimsOf(session: DeviceSession | undefined, request: FastifyRequest): Claims {
  const host = /^(.*?)(?::[0-9]{1,5})?$/.exec(request.headers.host ?? '')?.[1];
  return { device: markOf(session), address: request.socket.remoteAddress, host: host?.toLowerCase() };
}
