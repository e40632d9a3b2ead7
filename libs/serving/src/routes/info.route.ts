import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { infoNotFoundBody, isSnapName, readSuggestedCurrency } from '#snap';
import { UpstreamError, type RelayedAnswer } from '#upstream/published';
import { infoFromManifests, patchedInfo, type InfoQuery } from '../answer/info-answer.js';
import { snapIdOf } from '../answer/refresh-results.js';
import { addressesFor } from './addresses.js';
import { checkedArchitecture, deviceOf } from './device-request.js';
import { relayRemembered } from './remembered-relay.js';
import { parseObject } from './parse-object.js';
import { sendJson, sendRelayed, suggestCurrency } from './send.js';
import { SnapServing } from './snap-serving.js';
import { upstreamUnavailable } from './upstream-unavailable.js';

@Controller()
export class InfoRoute {
  constructor(private readonly serving: SnapServing) {}

  /** One snap with its channel map (protocol page 5.1), as the ring would get it. */
  @Get('/v2/snaps/info/:name')
  async info(
    @Param('name') name: string,
    @Query() asked: Record<string, unknown>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const device = deviceOf(request);
    const ring = this.serving.ringOf(request);
    const addresses = addressesFor(this.serving, request, device, ring);
    if (!isSnapName(name)) return await sendJson(reply, 404, infoNotFoundBody(name));
    const query = readQuery(name, asked);
    const answer = await relayRemembered(this.serving, request, {
      what: 'info',
      path: `/v2/snaps/info/${query.name}${search(query)}`,
      isGood: (body) => parseObject(body) !== undefined,
    });
    // Before what is held, which is not all that the device is to see: it opens another session and asks again.
    if (!(answer instanceof UpstreamError) && isSessionOver(answer)) return await sendRelayed(reply, answer);
    if (answer instanceof UpstreamError || answer.status !== 200) {
      const held = infoFromManifests(ring, query, addresses);
      if (held) return await sendJson(reply, 200, held);
    }
    if (answer instanceof UpstreamError) throw upstreamUnavailable(answer);
    if (answer.status === 401 || answer.status === 429) return await sendRelayed(reply, answer);
    if (answer.status === 404) return await sendJson(reply, 404, infoNotFoundBody(name));
    const info = answer.status === 200 ? parseObject(answer.body) : undefined;
    if (!info) throw upstreamUnavailable(`it answered with status ${answer.status}`);
    const snapId = snapIdOf(info);
    // Of a gated ring, as everywhere else: what it does not hold does not exist, by its title neither.
    const isHeld = snapId !== undefined && ring.held.of(snapId).length > 0;
    if (ring.access.denies(snapId) || !(isHeld || ring.access.passes(snapId))) {
      this.serving.refused(ring, 'info', snapId ?? name, ring.access.reason(snapId, name));
      return await sendJson(reply, 404, infoNotFoundBody(name));
    }
    suggestCurrency(reply, readSuggestedCurrency(answer.headers));
    await sendJson(reply, 200, patchedInfo(ring, query, info, addresses));
  }
}

function isSessionOver({ status, headers }: RelayedAnswer): boolean {
  return status === 401 && headers['www-authenticate']?.includes('refresh_device_session=1') === true;
}

function readQuery(name: string, { architecture, fields }: Record<string, unknown>): InfoQuery {
  return {
    name,
    architecture:
      typeof architecture === 'string' && architecture !== '' ? checkedArchitecture(architecture) : undefined,
    fields: typeof fields === 'string' && fields !== '' ? fields.split(',').slice(0, 200) : undefined,
  };
}

/** A download and a revision are asked for in any case: without them nothing could be judged. */
function search({ architecture, fields }: InfoQuery): string {
  const query = new URLSearchParams();
  if (architecture !== undefined) query.set('architecture', architecture);
  if (fields) query.set('fields', [...new Set([...fields, 'revision', 'download'])].join(','));
  return query.size > 0 ? `?${query.toString()}` : '';
}
