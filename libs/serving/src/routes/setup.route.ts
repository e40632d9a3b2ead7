import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ServingError } from '../errors.js';
import { cloudConfig } from '../setup/cloud-init.js';
import type { DeviceSetup } from '../setup/device-setup.js';
import { maasInstructions } from '../setup/maas.js';
import { setupScript } from '../setup/script.js';
import { SnapServing } from './snap-serving.js';

/** For administrators of devices; snapd itself asks for none of it (protocol page 1). */
@Controller()
export class SetupRoute {
  constructor(private readonly serving: SnapServing) {}

  /** As the incumbent has it: scripts of others read the header. */
  @Get('/v2/auth/store/assertions')
  async assertions(@Res() reply: FastifyReply): Promise<void> {
    const { storeId, assertions } = await this.setup();
    void reply.header('x-assertion-store-id', storeId);
    await text(reply, 'application/x.ubuntu.assertion', assertions);
  }

  @Get('/setup')
  async script(@Res() reply: FastifyReply): Promise<void> {
    await text(reply, 'text/x-shellscript; charset=utf-8', setupScript(await this.setup()));
  }

  @Get('/setup/cloud-init')
  async cloudInit(@Res() reply: FastifyReply): Promise<void> {
    await text(reply, 'text/cloud-config; charset=utf-8', cloudConfig(await this.setup()));
  }

  @Get('/setup/maas')
  async maas(@Res() reply: FastifyReply): Promise<void> {
    await text(reply, 'text/plain; charset=utf-8', maasInstructions(await this.setup()));
  }

  /** @throws ServingError `not-registered` */
  private async setup(): Promise<DeviceSetup> {
    const setup = await this.serving.parts.setup();
    if (setup) return setup;
    throw new ServingError(
      'not-registered',
      'this store is not registered, so devices cannot set it as their proxy.store: an operator gives it its registration with "holdfast register"',
    );
  }
}

async function text(reply: FastifyReply, type: string, body: string | Uint8Array): Promise<void> {
  await reply
    .code(200)
    .headers({ 'content-type': type, 'x-content-type-options': 'nosniff' })
    .send(Buffer.from(body));
}
