import type { FastifyRequest } from 'fastify';
import type { Sandbox } from '../sandbox.js';
import type { Rendering } from './snap-object.js';

/** Addresses as this client reaches us, by its Host header, sizes as the fault that is on wants them, and deltas if the client takes them. */
export function renderingFor(sandbox: Sandbox, request: FastifyRequest): Rendering {
  return {
    origin: `${request.protocol}://${request.host}`,
    sizeError: sandbox.faults.concerns('wrong-size', pathOf(request)) ? 1 : 0,
    takesDeltas: request.headers['snap-accept-delta-format'] === 'xdelta3',
  };
}

/** A request's path, without its query. */
export function pathOf(request: FastifyRequest): string {
  return request.url.split('?')[0] ?? '/';
}
