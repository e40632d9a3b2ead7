import { Controller, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { UpstreamError, type UpstreamStore } from '#upstream/published';
import { ServingError } from '../errors.js';
import { upstreamWords } from '../upstream-words.js';
import { relayedHeaders } from './device-request.js';
import { sendRelayed } from './send.js';
import { SnapServing } from './snap-serving.js';

/** snapd waits 30 s for a registration (protocol page 3). */
const REGISTRATION_BUDGET_MS = 28_000;

/** What snapd names its gadget's service with (protocol page 8.1). */
const SERVICE_HEADER = 'x-snap-device-service-url';

/** A device gets its serial (protocol page 8.1): from upstream, or from its brand's own service, if the site lists it. */
@Controller()
export class RegistrationRoute {
  constructor(private readonly serving: SnapServing) {}

  @Post('/api/v1/snaps/auth/request-id')
  async requestId(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.relay(request, reply, 'request-id');
  }

  @Post('/api/v1/snaps/auth/devices')
  async serial(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.relay(request, reply, 'serial');
  }

  /** @param ofService the name that a device service has for it */
  private async relay(request: FastifyRequest, reply: FastifyReply, ofService: string): Promise<void> {
    const named = request.headers[SERVICE_HEADER];
    const { upstream, events } = this.serving.parts;
    const at = named === undefined ? { store: upstream, path: request.url } : this.service(named, ofService);
    try {
      const answer = await at.store.relay({
        method: 'POST',
        path: at.path,
        headers: relayedHeaders(request),
        ...(request.body instanceof Buffer ? { body: request.body } : {}),
        budget: REGISTRATION_BUDGET_MS,
      });
      await sendRelayed(reply, answer);
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      events.upstreamFailed('registration', error.message);
      throw new ServingError(
        'upstream-unavailable',
        `the device cannot be registered now: ${upstreamWords(error)}`,
      );
    }
  }

  /** @throws ServingError `device-service-refused` */
  private service(
    named: string | readonly string[],
    ofService: string,
  ): { readonly store: Pick<UpstreamStore, 'relay'>; readonly path: string } {
    const found = typeof named === 'string' ? this.serving.parts.deviceServices.find(named) : undefined;
    if (found) return { store: found.store, path: `${found.path}/${ofService}` };
    throw new ServingError(
      'device-service-refused',
      'this site does not list the device service that the device names; its operators can (HOLDFAST_DEVICE_SERVICES)',
    );
  }
}
