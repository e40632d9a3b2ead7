import { Controller, Get, Head, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { sendJson } from './send.js';

@Controller()
export class RootRoute {
  /** snapd asks for the store's version, which is a header of every answer (protocol page 8.1). */
  @Head('/')
  async head(@Res() reply: FastifyReply): Promise<void> {
    await reply.code(200).send();
  }

  /** For people who look what this is. */
  @Get('/')
  async root(@Res() reply: FastifyReply): Promise<void> {
    await sendJson(reply, 200, { store: 'holdfast' });
  }
}
