import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { SnapShelf } from '../catalogue/snap-shelf.js';
import { FEATURED } from '../content/featured.js';
import { Sandbox } from '../sandbox.js';
import { sendJson } from './send.js';
import type { JsonObject } from './snap-object.js';

const SECTIONS = [{ name: FEATURED.name }];

/** The catalogue's words (protocol page §5.3 to 5.5), for the shell's completion and for a search by section. */
@Controller()
export class CatalogueRoute {
  constructor(private readonly sandbox: Sandbox) {}

  @Get('/api/v1/snaps/names')
  async names(@Res() reply: FastifyReply): Promise<void> {
    const sorted = this.sandbox.snaps.toSorted((one, other) =>
      one.identity.name < other.identity.name ? -1 : 1,
    );
    await sendHal(reply, { 'clickindex:package': sorted.flatMap(packageOf) });
  }

  @Get('/api/v1/snaps/sections')
  async sections(@Res() reply: FastifyReply): Promise<void> {
    await sendHal(reply, { 'clickindex:sections': SECTIONS });
  }

  @Get('/v2/snaps/categories')
  async categories(@Res() reply: FastifyReply): Promise<void> {
    await sendJson(reply, 200, { categories: SECTIONS });
  }
}

/** In the stablest channel that it has. */
function packageOf(shelf: SnapShelf): JsonObject[] {
  const { name, type, summary } = shelf.identity;
  const [release] = shelf.channels.all();
  const version = release && shelf.find(release.revision)?.version;
  if (version === undefined) return [];
  const apps = type === 'app' ? [name] : [];
  return [{ package_name: name, version, summary, title: name, aliases: [], apps }];
}

/** snapd takes this content type, and no parameter of it. */
function sendHal(reply: FastifyReply, embedded: JsonObject): FastifyReply {
  return reply
    .code(200)
    .header('content-type', 'application/hal+json')
    .send(Buffer.from(JSON.stringify({ _embedded: embedded })));
}
