import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isText, KernelError, type JsonValue } from '#kernel';
import type { Logger } from '../logging/logger.js';
import type { OnAnswered } from '../metrics/http-metrics.js';
import type { PublicPort } from '../tls/public-port.js';
import { toProblem } from '../problems/problem.js';
import { CLIENT_PATIENCE, patientServer } from './client-patience.js';
import { HttpError } from './errors.js';
import { FILE_MEDIA_TYPE, isUnread, takesFile } from './file-body.js';
import { BODY_LIMIT, setBodyLimit } from './large-body.js';
import { REQUEST_ID_HEADER, requestIdFrom, withRequestId } from './request-id.js';
import { sendProblem } from './send-problem.js';
import { takesSignedBody } from './signed-body.js';

/** Says what a browser may do with what we send: nothing, unless a route says otherwise. No CORS: other origins may not read it. */
const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** The site's zone (IANA), for whoever shows times to people: all of them are UTC in answers (R07). */
export const ZONE_HEADER = 'holdfast-zone';

/** The HTTP server of the REST API. Create the Nest app with `bodyParser: false`: Fastify's own parser takes JSON and refuses `__proto__`. */
export function restAdapter(
  logger: Logger,
  onAnswered: OnAnswered,
  serverFactory?: PublicPort['serverFactory'],
  zone?: string,
): FastifyAdapter {
  const always = { ...SECURITY_HEADERS, ...(zone === undefined ? {} : { [ZONE_HEADER]: zone }) };
  const adapter = new FastifyAdapter({
    ...(serverFactory ? { serverFactory } : { http: patientServer() }),
    bodyLimit: BODY_LIMIT,
    requestTimeout: CLIENT_PATIENCE.request,
    genReqId: (request: { headers: NodeJS.Dict<string | string[]> }) =>
      requestIdFrom(request.headers[REQUEST_ID_HEADER]),
    // What the router itself refuses reaches neither hooks nor filters.
    frameworkErrors: (_error: unknown, request: FastifyRequest, reply: FastifyReply) => {
      void reply.headers({ ...always, [REQUEST_ID_HEADER]: request.id });
      sendProblem(
        reply,
        toProblem(new HttpError('malformed-request', 'the address cannot be read'), request.id),
      );
    },
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  fastify.removeContentTypeParser(['text/plain', 'application/json']);
  const parseJson = fastify.getDefaultJsonParser('error', 'error');
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    if (takesSignedBody(request.routeOptions.config)) done(null, body);
    else void parseJson(request, body.toString('utf8'), done);
  });
  fastify.addContentTypeParser(FILE_MEDIA_TYPE, (request, payload, done) => {
    if (takesFile(request.routeOptions.config)) done(null, payload);
    else done(new HttpError('unsupported-media-type', `this takes no ${FILE_MEDIA_TYPE}`));
  });
  fastify.addHook('onRoute', setBodyLimit);
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.headers({ ...always, [REQUEST_ID_HEADER]: request.id });
    withRequestId(request.id, done);
  });
  fastify.addHook('preValidation', (request, _reply, done) => {
    const { params, query, body, routeOptions } = request;
    if (takesFile(routeOptions.config) && !isUnread(body))
      return done(new HttpError('unsupported-media-type', `this takes a file, as ${FILE_MEDIA_TYPE}`));
    const given = [params, query, isUnread(body) ? null : (body ?? null)] as JsonValue;
    done(
      isText(given)
        ? undefined
        : new KernelError('not-text', 'the request holds U+0000 or half a surrogate pair'),
    );
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const { id: requestId, method, routeOptions } = request;
    const answered = { requestId, method, route: routeOptions.url, status: reply.statusCode };
    onAnswered({ ...answered, milliseconds: reply.elapsedTime });
    logger.info({ ...answered, ms: Math.round(reply.elapsedTime) }, 'answered');
    done();
  });
  return adapter;
}
