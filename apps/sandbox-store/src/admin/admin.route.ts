import { Body, Controller, Get, Post, Res, UseGuards } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { systemClock } from '#kernel';
import { parseFault } from '../faults/fault.js';
import { Sandbox } from '../sandbox.js';
import { sendJson } from '../store-api/send.js';
import type { Change } from './change.js';
import { LoopbackGuard } from './loopback.guard.js';
import { parseChange } from './parse-change.js';
import { stockList } from './stock-list.js';

/** For demos and tests: plays the upstream that moves, or misbehaves. */
@Controller('/sandbox')
@UseGuards(LoopbackGuard)
export class AdminRoute {
  constructor(private readonly sandbox: Sandbox) {}

  @Get('/snaps')
  async snaps(@Res() reply: FastifyReply): Promise<void> {
    await sendJson(reply, 200, { snaps: stockList(this.sandbox.snaps), fault: this.sandbox.faults.get() });
  }

  /** `{snap, channel, revision, architecture?}`: a revision into a channel; `revision: null` closes it. */
  @Post('/releases')
  async release(@Body() body: unknown, @Res() reply: FastifyReply): Promise<void> {
    await this.change('release', body, reply);
  }

  /** `{snap, revision, version, architectures?, payloadBytes?}`: a new revision, not yet released. */
  @Post('/revisions')
  async revision(@Body() body: unknown, @Res() reply: FastifyReply): Promise<void> {
    await this.change('revision', body, reply);
  }

  /** `{snap, revision}`: the revision is not given out any more. */
  @Post('/withdrawals')
  async withdrawal(@Body() body: unknown, @Res() reply: FastifyReply): Promise<void> {
    await this.change('withdrawal', body, reply);
  }

  /** `{snap, revoked?, publisher?}`: a new declaration. */
  @Post('/declarations')
  async declaration(@Body() body: unknown, @Res() reply: FastifyReply): Promise<void> {
    await this.change('declaration', body, reply);
  }

  /** `{snap, track}`; null for none. */
  @Post('/default-tracks')
  async defaultTrack(@Body() body: unknown, @Res() reply: FastifyReply): Promise<void> {
    await this.change('default-track', body, reply);
  }

  /** `{mode, path?}`: see `FaultMode`. Not kept: a new start is without fault. */
  @Post('/faults')
  async fault(@Body() body: unknown, @Res() reply: FastifyReply): Promise<void> {
    const fault = parseFault(body);
    this.sandbox.faults.set(fault);
    await sendJson(reply, 201, fault);
  }

  private async change(kind: Change['kind'], body: unknown, reply: FastifyReply): Promise<void> {
    const change = parseChange(kind, body, systemClock.now());
    this.sandbox.change(change);
    await sendJson(reply, 201, change);
  }
}
