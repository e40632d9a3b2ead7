import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CodedError } from '#kernel';
import type { Logger } from '../logging/logger.js';
import { toProblem, type Problem } from '../problems/problem.js';
import { HttpError } from './errors.js';
import { sendProblem } from './send-problem.js';

/** Below this, programs ask that were written for the Snap Store Proxy. */
const STORE_API = '/v2/';

/** Stores' clients print the messages of `error_list`; the problem's own members are there as everywhere. */
function withErrorList(problem: Problem): Problem {
  const list = problem.errors?.map(({ pointer, detail }) => `${pointer} ${detail}`.trim()) ?? [
    problem.detail,
  ];
  const { code } = problem;
  return { ...problem, error_list: list.map((message) => ({ code, message })) };
}

/** Whatever goes wrong leaves as `application/problem+json` (RFC 9457), and what is our fault is logged with its stack. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  /** @param onProblem told of each code that is answered */
  constructor(
    private readonly logger: Logger,
    private readonly onProblem: (code: string) => void,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const error = httpError(thrown, request) ?? thrown;
    const problem = toProblem(error, request.id);
    this.onProblem(problem.code);
    if (problem.status === 500) this.logger.error({ requestId: request.id, err: thrown }, 'a request failed');
    else if (problem.status > 500)
      this.logger.warn({ requestId: request.id, err: thrown }, 'a request could not be served');
    if (reply.sent) return;
    sendProblem(reply, pathOf(request).startsWith(STORE_API) ? withErrorList(problem) : problem);
  }
}

/** Fastify's and Nest's own errors in our words. Their texts may quote what was sent, so none is passed on. */
function httpError(thrown: unknown, request: FastifyRequest): HttpError | undefined {
  if (thrown instanceof CodedError) return undefined;
  const { statusCode } = (thrown ?? {}) as { readonly statusCode?: unknown };
  const status = thrown instanceof HttpException ? thrown.getStatus() : statusCode;
  // What the parser of JSON bodies threw, in whatever the framework wrapped it; nothing of ours is a bare 400.
  if (status === 400 && request.headers['content-type']?.includes('json'))
    return new HttpError('malformed-json', 'the body is not JSON');
  switch (status) {
    case 404:
      return new HttpError('no-such-route', `${request.method} ${pathOf(request)} is not served here`);
    case 413:
      return new HttpError('body-too-large', 'the body is larger than this address takes');
    case 415:
      return new HttpError('unsupported-media-type', 'send application/json');
    case 503:
      return new HttpError('overloaded', 'try again in a moment');
    default:
      if (typeof status !== 'number' || status < 400 || status > 499) return undefined;
      return new HttpError('malformed-request', 'the request cannot be read');
  }
}

/** Without the query, which may hold anything. */
function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? '';
}
