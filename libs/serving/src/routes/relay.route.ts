import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HAL_JSON_TYPE, JSON_TYPE } from '#snap';
import { UpstreamError } from '#upstream/published';
import { ServingError } from '../errors.js';
import { UPSTREAM_BUDGET_MS } from './ask-upstream.js';
import { upstreamHeaders } from './device-session.js';
import { sendRelayed } from './send.js';
import { SnapServing } from './snap-serving.js';

/** What upstream alone can answer and no policy is about: cohorts, and the catalogue's words. */
@Controller()
export class RelayRoute {
  constructor(private readonly serving: SnapServing) {}

  /** snapd takes these with this content type only (protocol page 5.4, 5.5). */
  @Get(['/api/v1/snaps/sections', '/api/v1/snaps/names'])
  async catalogue(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.relay(request, reply, HAL_JSON_TYPE);
  }

  /** Opaque to us: a cohort means something to upstream only, and what is held is held for every cohort (protocol page 5.6). */
  @Post('/v2/cohorts')
  async cohorts(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.relay(request, reply, JSON_TYPE);
  }

  @Get('/v2/snaps/categories')
  async categories(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.relay(request, reply, JSON_TYPE);
  }

  private async relay(request: FastifyRequest, reply: FastifyReply, contentType: string): Promise<void> {
    try {
      const answer = await this.serving.parts.upstream.relay({
        method: request.method === 'POST' ? 'POST' : 'GET',
        path: request.url,
        headers: upstreamHeaders(this.serving, request),
        ...(request.body instanceof Buffer ? { body: request.body } : {}),
        budget: UPSTREAM_BUDGET_MS,
      });
      await sendRelayed(reply, answer, answer.status === 200 ? contentType : undefined);
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      this.serving.parts.events.upstreamFailed('relay', error.message);
      throw new ServingError(
        'upstream-unavailable',
        `the upstream store cannot be asked now: ${error.message}`,
      );
    }
  }
}
