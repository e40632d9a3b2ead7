import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Sandbox } from '../sandbox.js';
import { findAnswer } from './find-answer.js';
import { renderingFor } from './rendering-for.js';
import { sendJson } from './send.js';

@Controller()
export class FindRoute {
  constructor(private readonly sandbox: Sandbox) {}

  @Get('/v2/snaps/find')
  async find(
    @Query() query: Record<string, string | undefined>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { q, name, category, channel, architecture = 'amd64' } = query;
    const wanted = { q, name, category, channel, architecture };
    await sendJson(reply, 200, findAnswer(this.sandbox.snaps, wanted, renderingFor(this.sandbox, request)));
  }
}
