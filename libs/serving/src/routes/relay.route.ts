import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { JsonObject } from '#kernel';
import { HAL_JSON_TYPE, JSON_TYPE } from '#snap';
import { UpstreamError, type RelayedAnswer } from '#upstream/published';
import { namesAnswer, NO_CATEGORIES, NO_SECTIONS, patchedNames } from '../answer/catalogue-answer.js';
import { UPSTREAM_BUDGET_MS } from './ask-upstream.js';
import { compressedFor } from './compressed.js';
import { upstreamHeaders } from './device-session.js';
import { relayRemembered } from './remembered-relay.js';
import { parseObject } from './parse-object.js';
import { sendJson, sendRelayed } from './send.js';
import { SnapServing } from './snap-serving.js';
import { upstreamUnavailable } from './upstream-unavailable.js';

/** snapd's parser of names wants these five tokens first, and nothing before them (protocol page 5.5). */
const NAMES_HEAD = /^\s*\{\s*"_embedded"\s*:\s*\{\s*"clickindex:package"\s*:\s*\[/;
/** White space between the tokens included. */
const MOST_HEAD_BYTES = 1024;

/** Cohorts, and the catalogue's words: upstream's, but for a gated ring, which knows of nothing that it does not hold. */
@Controller()
export class RelayRoute {
  constructor(private readonly serving: SnapServing) {}

  /** snapd takes these with this content type only (protocol page 5.4, 5.5). */
  @Get('/api/v1/snaps/names')
  async names(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { access, held } = this.serving.ringOf(request);
    if (!access.passesSome) return await sendNames(request, reply, namesAnswer(held));
    const answer = await this.catalogue(request, NAMES_HEAD);
    const given = !(answer instanceof UpstreamError) && answer.status === 200 ? answer.body : undefined;
    // Megabytes, so that they are not read where nothing is to be left out: what begins as it must is taken for it.
    if (given && access.passesAll) return await sendNames(request, reply, given);
    const names = given && parseObject(given);
    if (names) return await sendNames(request, reply, patchedNames(access, held, names));
    if (access.isGated) return await sendNames(request, reply, namesAnswer(held));
    if (answer instanceof UpstreamError) throw upstreamUnavailable(answer);
    if (answer.status === 200) throw upstreamUnavailable('it answered with something else than JSON');
    await sendRelayed(reply, answer);
  }

  @Get('/api/v1/snaps/sections')
  async sections(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (this.serving.ringOf(request).access.isGated) await sendHal(reply, NO_SECTIONS);
    else await this.words(request, reply, HAL_JSON_TYPE);
  }

  /** Opaque to us: a cohort means something to upstream only, and what is held is held for every cohort (protocol page 5.6). */
  @Post('/v2/cohorts')
  async cohorts(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { upstream, events } = this.serving.parts;
    try {
      const answer = await upstream.relay({
        method: 'POST',
        path: request.url,
        headers: upstreamHeaders(this.serving, request),
        ...(request.body instanceof Buffer ? { body: request.body } : {}),
        budget: UPSTREAM_BUDGET_MS,
      });
      if (answer.status !== 200) return await sendRelayed(reply, answer);
      if (parseObject(answer.body)) return await sendRelayed(reply, answer, JSON_TYPE);
      throw new UpstreamError('malformed-answer', 'upstream answered about cohorts with something else');
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      events.upstreamFailed('relay', error.message);
      throw upstreamUnavailable(error);
    }
  }

  @Get('/v2/snaps/categories')
  async categories(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (this.serving.ringOf(request).access.isGated) return await sendJson(reply, 200, NO_CATEGORIES);
    await this.words(request, reply, JSON_TYPE);
  }

  /** Of the catalogue. */
  private async words(request: FastifyRequest, reply: FastifyReply, contentType: string): Promise<void> {
    const answer = await this.catalogue(request, /^\{/);
    if (answer instanceof UpstreamError) throw upstreamUnavailable(answer);
    await sendRelayed(reply, answer, answer.status === 200 ? contentType : undefined);
  }

  private async catalogue(request: FastifyRequest, head: RegExp): Promise<RelayedAnswer | UpstreamError> {
    return await relayRemembered(this.serving, request, {
      what: 'catalogue',
      path: request.url,
      isGood: (body) => head.test(body.subarray(0, MOST_HEAD_BYTES).toString('latin1')),
    });
  }
}

async function sendNames(
  request: FastifyRequest,
  reply: FastifyReply,
  names: JsonObject | Buffer,
): Promise<void> {
  const body = names instanceof Buffer ? names : Buffer.from(JSON.stringify(names));
  const sent = await compressedFor(request, reply, body);
  await reply.code(200).header('content-type', HAL_JSON_TYPE).send(sent);
}

async function sendHal(reply: FastifyReply, body: JsonObject): Promise<void> {
  await reply
    .code(200)
    .header('content-type', HAL_JSON_TYPE)
    .send(Buffer.from(JSON.stringify(body)));
}
