import { Controller, Get, Head, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { sendJson } from './send.js';
import { SnapServing } from './snap-serving.js';

/** Where load balancers in front of the incumbent ask whether devices may be sent here. */
@Controller()
export class StatusCheckRoute {
  constructor(private readonly serving: SnapServing) {}

  @Head('/_status/check')
  async head(@Res() reply: FastifyReply): Promise<void> {
    this.serving.requirePolicy();
    await reply.code(200).send();
  }

  @Get('/_status/check')
  async check(@Res() reply: FastifyReply): Promise<void> {
    this.serving.requirePolicy();
    await sendJson(reply, 200, { status: 'ok' });
  }
}
