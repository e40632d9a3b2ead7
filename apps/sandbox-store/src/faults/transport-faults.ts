import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { sendJson } from '../store-api/send.js';
import type { FaultSwitch } from './fault-switch.js';

const LATE_MS = 3000;

/** Before any route: the faults that need not know what was asked. The administration is spared, or nobody could end them. */
export function addTransportFaults(server: FastifyInstance, faults: FaultSwitch): void {
  server.addHook('onRequest', async (request, reply) => {
    const [path = '/'] = request.url.split('?');
    if (path.startsWith('/sandbox/')) return;
    if (faults.concerns('slow', path)) await wait(LATE_MS);
    if (faults.concerns('hang', path)) reply.hijack();
    if (faults.concerns('error-500', path)) {
      await sendJson(reply, 500, { 'error-list': [{ code: 'internal-error', message: 'as ordered' }] });
    }
  });
}
