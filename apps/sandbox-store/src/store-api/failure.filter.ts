import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { SnapError } from '#snap';
import { SandboxError, type SandboxErrorCode } from '../sandbox-error.js';
import { sendError } from './send.js';

const STATUS: Readonly<Record<SandboxErrorCode, number>> = {
  'bad-image': 400,
  'bad-keys': 500,
  'bad-request': 400,
  'unknown-snap': 404,
  'unknown-revision': 404,
};

/** Whatever went wrong, in the store's form of an error. */
@Catch()
export class FailureFilter implements ExceptionFilter {
  async catch(failure: unknown, host: ArgumentsHost): Promise<void> {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (failure instanceof SandboxError) {
      await sendError(reply, STATUS[failure.code], failure.code, failure.message);
    } else {
      const status = statusOf(failure);
      const message = failure instanceof Error ? failure.message : 'unknown failure';
      await sendError(reply, status, status === 404 ? 'resource-not-found' : 'failed', message);
    }
  }
}

/** Nest's own, or Fastify's (a body that is no JSON, or too large), or what is no good assertion. */
function statusOf(failure: unknown): number {
  if (failure instanceof HttpException) return failure.getStatus();
  if (failure instanceof SnapError) return 400;
  const given: unknown = failure instanceof Error && 'statusCode' in failure ? failure.statusCode : undefined;
  return typeof given === 'number' ? given : 500;
}
