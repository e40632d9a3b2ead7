import { All, Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { passOn } from './pass-on.js';
import { Shadow } from './shadow.js';

/** All that a device asks, whatever it is: the incumbent answers. */
@Controller()
export class ShadowRoute {
  constructor(@Inject(Shadow) private readonly shadow: Shadow) {}

  @All('*')
  async answer(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await passOn(this.shadow.incumbent, request, reply, this.shadow.watch(request));
  }
}
