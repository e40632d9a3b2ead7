import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ASSERTION_NOT_FOUND_BODY, ASSERTION_TYPE, scalarOf } from '#snap';
import { UpstreamError, type RelayedAnswer } from '#upstream/published';
import { readAssertionQuery, upstreamPath, type AssertionQuery } from '../assertions/assertion-request.js';
import { hidesAssertion, hidesQuery, subjectOf } from '../assertions/assertion-access.js';
import { isWhatWasAsked, readAsked } from '../assertions/relayed-assertions.js';
import { ServingError } from '../errors.js';
import type { ServedRing } from '../policy/ring-state.js';
import { UPSTREAM_BUDGET_MS } from './ask-upstream.js';
import { upstreamHeaders } from './device-session.js';
import { sendJson, sendRelayed } from './send.js';
import { SnapServing } from './snap-serving.js';
import { upstreamUnavailable } from './upstream-unavailable.js';

const PREFIX = '/v2/assertions/';

@Controller()
export class AssertionsRoute {
  constructor(private readonly serving: SnapServing) {}

  /** One assertion, its bytes as its signer wrote them (protocol page 7): what was captured and approved first, then upstream's. */
  @Get('/v2/assertions/*')
  async assertion(
    @Query() asked: Record<string, unknown>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const [type = '', ...key] = pathParts(request.url);
    const query = readAssertionQuery(type, key, asked);
    const ring = this.serving.ringOf(request);
    const captured = ring.assertions.find(query.type, query.primaryKey, query.maxFormat);
    if (captured) return await sendAssertion(reply, captured.bytes);
    if (hidesQuery(ring.access, query)) return await this.refuse(ring, subjectOf(query), reply);
    await this.relay(ring, query, request, reply);
  }

  private async refuse(ring: ServedRing, subject: string, reply: FastifyReply): Promise<void> {
    this.serving.refused(ring, 'assertion', subject);
    await sendNotFound(reply);
  }

  private async relay(
    ring: ServedRing,
    query: AssertionQuery,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const answer = await this.ask(query, request);
    if (answer instanceof UpstreamError) return await this.withoutUpstream(ring, query, reply, answer);
    if (answer.status === 404) return await sendNotFound(reply);
    if (answer.status === 401 || answer.status === 429) return await sendRelayed(reply, answer);
    if (answer.status !== 200)
      return await this.withoutUpstream(ring, query, reply, `it answered with status ${answer.status}`);
    if (!isWhatWasAsked(query, answer.body))
      return await this.withoutUpstream(ring, query, reply, 'it answered with something else');
    await this.keep(query, answer.body);
    await this.pass(ring, query, answer.body, reply);
  }

  private async ask(query: AssertionQuery, request: FastifyRequest): Promise<RelayedAnswer | UpstreamError> {
    try {
      return await this.serving.parts.upstream.relay({
        method: 'GET',
        path: upstreamPath(query),
        headers: { ...upstreamHeaders(this.serving, request), accept: ASSERTION_TYPE },
        budget: UPSTREAM_BUDGET_MS,
      });
    } catch (error) {
      if (error instanceof UpstreamError) return error;
      throw error;
    }
  }

  /** What upstream has, now or when it was last asked, unless it is of a snap that the ring does not give out. */
  private async pass(
    ring: ServedRing,
    query: AssertionQuery,
    bytes: Uint8Array,
    reply: FastifyReply,
  ): Promise<void> {
    const assertion = readAsked(query, bytes);
    if (assertion && hidesAssertion(ring.access, assertion)) {
      const snapId = scalarOf(assertion.headers, 'snap-id');
      return await this.refuse(ring, snapId ?? subjectOf(query), reply);
    }
    await sendAssertion(reply, bytes);
  }

  private async withoutUpstream(
    ring: ServedRing,
    query: AssertionQuery,
    reply: FastifyReply,
    why: UpstreamError | string,
  ): Promise<void> {
    const { events, relayedAssertions } = this.serving.parts;
    events.upstreamFailed('assertion', why instanceof UpstreamError ? why.message : why);
    const bytes = await relayedAssertions.find(query).catch((error: unknown) => {
      events.downloadFailed('cache-unavailable', error);
      return undefined;
    });
    if (bytes) return await this.pass(ring, query, bytes, reply);
    // A device of a brand asks for its store at each install and does without (protocol page 7): what was decided must not fail for it.
    if (query.type === 'store') return await sendNotFound(reply);
    throw upstreamUnavailable(why);
  }

  /** A full disk costs the copy, not the answer. */
  private async keep(query: AssertionQuery, bytes: Buffer): Promise<void> {
    const { events, relayedAssertions } = this.serving.parts;
    await relayedAssertions
      .keep(query, bytes)
      .catch((error: unknown) => events.downloadFailed('cache-unavailable', error));
  }
}

async function sendAssertion(reply: FastifyReply, bytes: Uint8Array): Promise<void> {
  await reply.code(200).header('content-type', ASSERTION_TYPE).send(Buffer.from(bytes));
}

async function sendNotFound(reply: FastifyReply): Promise<void> {
  await sendJson(reply, 404, ASSERTION_NOT_FOUND_BODY);
}

/** @throws ServingError `bad-request` for what is no URL encoding */
function pathParts(url: string): string[] {
  const [path = ''] = url.split('?');
  try {
    return path.slice(PREFIX.length).split('/').map(decodeURIComponent);
  } catch (cause) {
    throw new ServingError('bad-request', 'the address is not well encoded', { cause });
  }
}
