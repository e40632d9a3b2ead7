import { Body, Controller, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ASSERTION_TYPE } from '#snap';
import { Sandbox } from '../sandbox.js';
import { SandboxError } from '../sandbox-error.js';
import { isRecord } from './refresh-actions.js';
import { sendJson } from './send.js';

/** Registration and sessions of devices (protocol page §8). */
@Controller('/api/v1/snaps/auth')
export class DevicesRoute {
  constructor(private readonly sandbox: Sandbox) {}

  @Post('request-id')
  async requestId(@Res() reply: FastifyReply): Promise<void> {
    await sendJson(reply, 200, { 'request-id': this.sandbox.devices.ticket() });
  }

  @Post('devices')
  async serial(@Body() body: unknown, @Res() reply: FastifyReply): Promise<void> {
    if (typeof body !== 'string') throw new SandboxError('bad-request', 'the body must be assertions');
    const { bytes } = this.sandbox.devices.serial(body);
    await reply.code(200).header('content-type', ASSERTION_TYPE).send(bytes);
  }

  @Post('nonces')
  async nonce(@Res() reply: FastifyReply): Promise<void> {
    await sendJson(reply, 200, { nonce: this.sandbox.devices.ticket() });
  }

  @Post('sessions')
  async session(@Body() body: unknown, @Res() reply: FastifyReply): Promise<void> {
    const [request, serial] = ['device-session-request', 'serial-assertion'].map((name) =>
      isRecord(body) ? body[name] : undefined,
    );
    if (typeof request !== 'string' || typeof serial !== 'string')
      throw new SandboxError('bad-request', 'the session request or the serial is missing');
    await sendJson(reply, 200, { macaroon: this.sandbox.devices.openSession(request, serial) });
  }
}
