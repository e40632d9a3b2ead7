import type { FastifyRequest } from 'fastify';
import { readDeviceClaims } from '#snap';
import type { DeviceMark } from '#fleet/published';
import type { DeviceSession } from '../sessions/device-sessions.js';
import type { SnapServing } from './snap-serving.js';

/** Who a device is, as far as its session shows; null without one of ours that lasts. For the record: nothing is refused by it. */
export function deviceMark({ parts }: SnapServing, request: FastifyRequest): DeviceMark | null {
  const { deviceAuthorization } = readDeviceClaims(request.headers);
  const session =
    deviceAuthorization === undefined ? undefined : parts.sessions.open(deviceAuthorization, parts.now());
  return markOf(session);
}

export function markOf(session: DeviceSession | undefined): DeviceMark | null {
  // A shadow knows of some sessions only that they are the incumbent's.
  if (!session || session.serial === '') return null;
  const { brand, model, serial, upstream } = session;
  return { brand, model, serial, proof: upstream === null ? 'key' : 'store' };
}
