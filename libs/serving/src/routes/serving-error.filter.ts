import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { KernelError } from '#kernel';
import { SnapError } from '#snap';
import { ConnectionClosed } from '../downloads/connection-closed.js';
import { ServingError, type ServingErrorCode } from '../errors.js';
import type { ServingEvents } from '../serving-events.js';
import { sendError } from './send.js';

/** 5xx only where asking again helps: snapd asks six times within 38 s (protocol page 3). */
const STATUS: Readonly<Record<ServingErrorCode, number>> = {
  'download-refused': 403,
  'download-expired': 410,
  'artefact-missing': 404,
  'artefact-mismatch': 502,
  'artefact-changed': 503,
  'artefact-unreadable': 503,
  'cache-unavailable': 503,
  'kept-unavailable': 503,
  'upstream-unavailable': 503,
  'session-unknown': 401,
  'device-service-refused': 403,
  'not-registered': 404,
  'bad-request': 400,
  'no-policy': 503,
  'policy-rolled-back': 500,
  'policy-forked': 500,
  'incumbent-unavailable': 502,
  'shadow-loop': 508,
};

/** Whatever went wrong, in the store's form of an error and with its exact content type. */
@Catch()
export class ServingErrorFilter implements ExceptionFilter {
  constructor(private readonly events: ServingEvents) {}

  async catch(error: unknown, host: ArgumentsHost): Promise<void> {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (reply.sent || reply.raw.headersSent) {
      // What failed with a name of its own is told where it happened.
      if (!(error instanceof ServingError || error instanceof ConnectionClosed))
        this.events.unexpected(error);
      reply.raw.destroy();
      return;
    }
    // snapd opens another session then, and asks again (protocol page 3).
    if (error instanceof ServingError && error.code === 'session-unknown')
      void reply.header('www-authenticate', 'Macaroon refresh_device_session=1');
    if (error instanceof ServingError)
      return await sendError(reply, STATUS[error.code], error.code, error.message);
    if (error instanceof SnapError || error instanceof KernelError) {
      return await sendError(reply, 400, 'bad-request', error.message);
    }
    const status = statusOf(error);
    if (status >= 500) {
      this.events.unexpected(error);
      return await sendError(
        reply,
        status,
        'internal-error',
        'something went wrong here; the log of the proxy says what',
      );
    }
    const code = status === 404 ? 'resource-not-found' : 'bad-request';
    await sendError(
      reply,
      status,
      code,
      status === 404 ? 'there is nothing at this address' : 'the request cannot be understood',
    );
  }
}

/** Nest's own, or Fastify's: a body that is too large, say. */
function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const given: unknown = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  return typeof given === 'number' ? given : 500;
}
