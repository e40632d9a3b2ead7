import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { uuidv7 } from '#kernel';
import { STORE_VERSION, STORE_VERSION_VALUE } from '#snap';
import { patientServer, type ClientPatience } from '#platform/http/client-patience';
import { REQUEST_ID_HEADER, withRequestId } from '#platform/http/request-id';
import type { Logger } from '#platform/logging/logger';
import type { OnAnswered } from '#platform/metrics/http-metrics';
import type { PublicPort } from '#platform/tls/public-port';
import { sendError } from '#serving/routes/send';
import { answerClientError } from './client-errors.js';

/** A refresh request has about 250 bytes for each installed snap (protocol page 13, 3). */
const BODY_LIMIT = 4 * 1024 * 1024;

/** What of HTTP devices meet, whoever answers: patience, limits, the headers of every answer. */
export function deviceAdapter(
  logger: Logger,
  onAnswered: OnAnswered,
  serverFactory: PublicPort['serverFactory'],
  patience: ClientPatience,
): FastifyAdapter {
  const adapter = new FastifyAdapter({
    ...(serverFactory ? { serverFactory } : { http: patientServer(patience) }),
    requestTimeout: patience.request,
    connectionTimeout: patience.taking,
    bodyLimit: BODY_LIMIT,
    // Ours, whatever a device sends: what it says is not known to be true.
    genReqId: () => uuidv7(),
    // HEAD has routes of its own: a GET behind it would read an artefact only to throw it away.
    exposeHeadRoutes: false,
    // Whoever closes the proxy lets downloads finish first: libs/platform/src/http/close-in-order.ts.
    forceCloseConnections: 'idle',
    // What Fastify refuses before it looks for a route (an address that is not well encoded) has no hooks and no filter.
    frameworkErrors: (_error: Error, request: FastifyRequest, reply: FastifyReply) => {
      void reply.headers({ [STORE_VERSION]: STORE_VERSION_VALUE, [REQUEST_ID_HEADER]: request.id });
      void sendError(reply, 400, 'bad-request', 'the request cannot be understood');
    },
    clientErrorHandler: answerClientError,
    // A token and a file name are long.
    routerOptions: { maxParamLength: 8 * 1024 },
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  // By endpoint, not by content type: snapd sends JSON without one (protocol page 13, 2), and what is sent on is sent on as it came.
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  fastify.addHook('onRequest', (request, reply, done) => {
    // Of every answer, errors included: clients hold features back from a store that doesn't say (protocol page 2).
    void reply.headers({ [STORE_VERSION]: STORE_VERSION_VALUE, [REQUEST_ID_HEADER]: request.id });
    withRequestId(request.id, done);
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const { id: requestId, method, routeOptions } = request;
    const answered = { requestId, method, route: routeOptions.url, status: reply.statusCode };
    onAnswered({ ...answered, milliseconds: reply.elapsedTime });
    // Devices ask all day: each answer is detail, what came of it that a person should know is said where it happens.
    logger.debug({ ...answered, ms: Math.round(reply.elapsedTime) }, 'answered');
    done();
  });
  return adapter;
}
