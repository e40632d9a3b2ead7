import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ASSERTION_TYPE, SnapError, splitAssertions, type Assertion } from '#snap';
import { UpstreamError, type RelayedAnswer } from '#upstream/published';
import type { MaxFormats } from '../assertions/fetch-plan.js';
import { filterStream } from '../assertions/filter-stream.js';
import type { StreamGrant } from '../sealed/stream-tokens.js';
import { UPSTREAM_BUDGET_MS } from './ask-upstream.js';
import { deviceOf } from './device-request.js';
import { upstreamHeaders } from './device-session.js';
import { sendRelayed } from './send.js';
import { SnapServing } from './snap-serving.js';
import { upstreamUnavailable } from './upstream-unavailable.js';

/** A device's request is for its snaps' assertions: some hundred, of a few kilobytes each. */
const MOST_BYTES = 16 * 1024 * 1024;

@Controller()
export class AssertionStreamRoute {
  constructor(private readonly serving: SnapServing) {}

  /** What upstream named in answer to fetch-assertions (protocol page 4.5), as the ring's devices may have it. */
  @Get('/assertion-stream/:token')
  async stream(
    @Param('token') token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { streams, now } = this.serving.parts;
    const grant = streams.open(token, deviceOf(request).store, now());
    const ring = this.serving.ringOfAddress(grant.ring, request);
    const answer = await this.fetch(grant, request);
    if (answer.status === 401 || answer.status === 429) return await sendRelayed(reply, answer);
    if (answer.status !== 200) throw upstreamUnavailable(`it answered with status ${answer.status}`);
    const assertions = read(answer.body);
    await this.remember(assertions, grant.formats);
    const bytes = filterStream(assertions, ring, grant.formats).map((assertion) => assertion.bytes);
    await reply
      .code(200)
      .header('content-type', ASSERTION_TYPE)
      .send(Buffer.concat(bytes.flatMap((each, i) => (i === 0 ? [each] : [BETWEEN, each]))));
  }

  private async fetch({ upstream }: StreamGrant, request: FastifyRequest): Promise<RelayedAnswer> {
    const { upstream: store, events } = this.serving.parts;
    try {
      return await store.follow(upstream, {
        headers: { ...upstreamHeaders(this.serving, request), accept: ASSERTION_TYPE },
        limit: MOST_BYTES,
        budget: UPSTREAM_BUDGET_MS,
      });
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      events.upstreamFailed('assertion-stream', error.message);
      throw upstreamUnavailable(error);
    }
  }

  /** For when upstream is gone. A full disk costs the copy, not the answer. */
  private async remember(assertions: readonly Assertion[], formats: MaxFormats): Promise<void> {
    const { relayedAssertions, events } = this.serving.parts;
    try {
      for (const { type, primaryKey, bytes } of assertions)
        await relayedAssertions.keep(
          { type, primaryKey, maxFormat: formats[type] ?? 0, sequence: undefined },
          bytes,
        );
    } catch (error) {
      events.downloadFailed('cache-unavailable', error);
    }
  }
}

/** Assertions are joined by a blank line; each ends its own (protocol page 10). */
const BETWEEN = Buffer.from('\n');

function read(bytes: Buffer): Assertion[] {
  try {
    return splitAssertions(bytes);
  } catch (error) {
    if (error instanceof SnapError)
      throw upstreamUnavailable(`it answered with something else: ${error.message}`);
    throw error;
  }
}
