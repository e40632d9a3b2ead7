import type { FastifyInstance } from 'fastify';
import { sendError } from '../store-api/send.js';
import type { DeviceDesk } from './device-desk.js';

const OPENED_AT = '/api/v1/snaps/auth/';

/** Before any route: a device whose session is not open is to open another one (protocol page §3); a device without one does without. */
export function addSessionCheck(server: FastifyInstance, desk: DeviceDesk): void {
  server.addHook('onRequest', async (request, reply) => {
    const { 'snap-device-authorization': newer, 'x-device-authorization': older } = request.headers;
    const authorization = newer ?? older;
    // A device that renews its session shows the one that is over.
    if (authorization === undefined || request.url.startsWith(OPENED_AT)) return;
    if (desk.isOpen(String(authorization))) return;
    void reply.header('www-authenticate', 'Macaroon refresh_device_session=1');
    await sendError(reply, 401, 'macaroon-needs-refresh', 'This session is over.');
  });
}
