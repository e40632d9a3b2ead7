import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Sandbox } from '../sandbox.js';
import { infoAnswer } from './info-answer.js';
import { renderingFor } from './rendering-for.js';
import { sendError, sendJson } from './send.js';

@Controller()
export class InfoRoute {
  constructor(private readonly sandbox: Sandbox) {}

  @Get('/v2/snaps/info/:name')
  async info(
    @Param('name') name: string,
    @Query('architecture') architecture: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const shelf = this.sandbox.named(name);
    if (shelf === undefined || shelf.declared.revoked) {
      await sendError(reply, 404, 'resource-not-found', `No snap named '${name}' found in series '16'.`);
    } else {
      await sendJson(reply, 200, infoAnswer(shelf, architecture, renderingFor(this.sandbox, request)));
    }
  }
}
