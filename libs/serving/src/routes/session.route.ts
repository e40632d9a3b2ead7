import { Controller, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { UpstreamError, type RelayedAnswer } from '#upstream/published';
import { ServingError } from '../errors.js';
import { readSessionRequest } from '../sessions/session-request.js';
import { UPSTREAM_BUDGET_MS } from './ask-upstream.js';
import { renewalHeaders } from './device-session.js';
import { parseObject } from './parse-object.js';
import { sendJson, sendRelayed } from './send.js';
import { SnapServing } from './snap-serving.js';

/** Sessions of devices (protocol page 8.2): upstream opens them, and what a device gets is ours, with upstream's sealed in it. */
@Controller()
export class SessionRoute {
  constructor(private readonly serving: SnapServing) {}

  /** While upstream is gone, one of ours: a device without a session gets nothing at all from snapd, not even what is held. */
  @Post('/api/v1/snaps/auth/nonces')
  async nonce(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const answer = await this.relay(request);
    if (answer) return await sendRelayed(reply, answer);
    const { sessions, now } = this.serving.parts;
    await sendJson(reply, 200, { nonce: sessions.nonce(now()) });
  }

  @Post('/api/v1/snaps/auth/sessions')
  async session(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { sessions, now } = this.serving.parts;
    const body = parseObject(request.body instanceof Buffer ? request.body : Buffer.alloc(0));
    if (!body) throw new ServingError('bad-request', 'the body is not a JSON object');
    const { identity, nonce } = readSessionRequest(body);
    // Upstream knows nothing of a nonce of ours.
    if (sessions.isOurs(nonce, now()))
      return await sendJson(reply, 200, { macaroon: sessions.seal({ ...identity, upstream: null }, now()) });
    const answer = await this.relay(request);
    if (!answer)
      throw new ServingError(
        'upstream-unavailable',
        'the upstream store cannot open a session now; ask for a new nonce',
      );
    const upstream =
      answer.status === 200 || answer.status === 202 ? parseObject(answer.body)?.['macaroon'] : undefined;
    if (typeof upstream !== 'string') return await sendRelayed(reply, answer);
    await sendJson(reply, answer.status, { macaroon: sessions.seal({ ...identity, upstream }, now()) });
  }

  /** @returns undefined when upstream cannot answer now */
  private async relay(request: FastifyRequest): Promise<RelayedAnswer | undefined> {
    const { upstream, events } = this.serving.parts;
    try {
      const answer = await upstream.relay({
        method: 'POST',
        path: request.url,
        headers: renewalHeaders(this.serving, request),
        ...(request.body instanceof Buffer ? { body: request.body } : {}),
        budget: UPSTREAM_BUDGET_MS,
      });
      const { status, body } = answer;
      // A portal in the way says 200 too.
      const isOne = status >= 300 || parseObject(body) !== undefined;
      if (status < 500 && isOne) return answer;
      events.upstreamFailed('session', `it answered with status ${status}${isOne ? '' : ' and no JSON'}`);
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      events.upstreamFailed('session', error.message);
    }
    return undefined;
  }
}
