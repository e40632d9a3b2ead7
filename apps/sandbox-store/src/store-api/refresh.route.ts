import { Body, Controller, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Sandbox } from '../sandbox.js';
import { answerRefresh } from './answer-refresh.js';
import { parseRefreshRequest } from './refresh-request.js';
import { renderingFor } from './rendering-for.js';
import { sendJson } from './send.js';

@Controller()
export class RefreshRoute {
  constructor(private readonly sandbox: Sandbox) {}

  @Post('/v2/snaps/refresh')
  async refresh(
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const architecture = request.headers['snap-device-architecture'];
    const answer = answerRefresh(
      this.sandbox,
      parseRefreshRequest(body),
      typeof architecture === 'string' ? architecture : 'amd64',
      renderingFor(this.sandbox, request),
    );
    await sendJson(reply, 200, answer);
  }
}
