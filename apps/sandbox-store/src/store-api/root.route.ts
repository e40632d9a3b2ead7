import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { sendJson } from './send.js';

@Controller()
export class RootRoute {
  /** Clients ask `HEAD /` for the store's version (protocol page §8.1); people may look what this is. */
  @Get('/')
  async root(@Res() reply: FastifyReply): Promise<void> {
    await sendJson(reply, 200, { store: 'holdfast sandbox' });
  }
}
