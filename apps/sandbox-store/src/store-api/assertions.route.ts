import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Sandbox } from '../sandbox.js';
import { parseReference } from './assertion-reference.js';
import { pathOf } from './rendering-for.js';
import { sendError } from './send.js';

const PREFIX = '/v2/assertions/';

/** What the fault `broken-chain` hides when it names no path of its own. */
const CHAIN = `${PREFIX}account-key/`;

@Controller()
export class AssertionsRoute {
  constructor(private readonly sandbox: Sandbox) {}

  /** One assertion (protocol page §7). */
  @Get('/v2/assertions/*')
  async assertion(
    @Query('max-format') maxFormat: string | undefined,
    @Query('sequence') sequence: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const path = pathOf(request);
    const reference = parseReference(path.slice(PREFIX.length));
    const { assertions } = this.sandbox;
    const found =
      sequence === undefined ? assertions.find(reference) : assertions.ofSequence(reference, sequence);
    const tooNew = found !== undefined && maxFormat !== undefined && found.format > Number(maxFormat);
    if (found === undefined || tooNew || this.isHidden(path)) {
      await sendError(reply, 404, 'not-found', 'not found');
      return;
    }
    await reply.header('content-type', 'application/x.ubuntu.assertion').send(found.bytes);
  }

  private isHidden(path: string): boolean {
    const { faults } = this.sandbox;
    return faults.concerns('broken-chain', path) && path.startsWith(faults.get().path ?? CHAIN);
  }
}
