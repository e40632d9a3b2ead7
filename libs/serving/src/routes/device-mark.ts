import type { FastifyRequest } from 'fastify';
import type { DeviceMark } from '#fleet/published';
import type { DeviceSession } from '../sessions/device-sessions.js';
import { shownSession } from './device-session.js';
import type { SnapServing } from './snap-serving.js';

/** Who a device is, as far as its session shows; null without one of ours that lasts. For the record: nothing is refused by it. */
export function deviceMark(serving: SnapServing, request: FastifyRequest): DeviceMark | null {
  return markOf(shownSession(serving, request));
}

export function markOf(session: DeviceSession | undefined): DeviceMark | null {
  // A shadow knows of some sessions only that they are the incumbent's.
  if (!session || session.serial === '') return null;
  const { brand, model, serial, upstream } = session;
  return { brand, model, serial, proof: upstream === null ? 'key' : 'store' };
}
