import type { FastifyRequest } from 'fastify';
import type { Asker } from '../remembered/question.js';
import { deviceOf, relayedHeaders } from './device-request.js';
import { sessionOf } from './device-session.js';
import type { SnapServing } from './snap-serving.js';

/** Who asks, as far as answers differ by it. @throws ServingError `session-unknown` */
export function askerOf(serving: SnapServing, request: FastifyRequest): Asker {
  const session = sessionOf(serving, request);
  // One that was opened while upstream was gone does not show that a brand made the device's serial.
  const proved = session && session.upstream !== null ? session : undefined;
  return { store: deviceOf(request).store, proved, headers: relayedHeaders(request) };
}
