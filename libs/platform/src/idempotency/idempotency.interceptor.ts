import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { actorName, CodedError, decodeEvent, uuidOf, type JsonValue } from '#kernel';
import type { StoredAppend } from '#event-store/port';
import { lastValueFrom, of, type Observable } from 'rxjs';
import { HttpError } from '../http/errors.js';
import { problemKind } from '../problems/problem-table.js';
import type { KeptAnswer } from './answer-seals.js';
import { withGivenCommand } from '../given-command.js';
import { IDEMPOTENCY_KEY_HEADER, idempotencyKey } from './idempotency-key.js';
import { requestActor } from './request-actor.js';
import { TakenRequests, type Worked } from './taken-requests.js';

const READING: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];
/** What an answer says besides its body. */
const KEPT_HEADERS = ['location', 'etag'];

interface Request {
  readonly method: string;
  readonly url: string;
  readonly body?: unknown;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

interface Reply {
  readonly statusCode: number;
  status(code: number): unknown;
  header(name: string, value: string): unknown;
  getHeader(name: string): unknown;
}

/**
 * `Idempotency-Key` on whatever changes something (draft-ietf-httpapi-idempotency-key-header): who did not hear the answer asks again with the same key, and is
 * answered what was answered; nothing is done twice. It stands in front of every route, so that no route has to do anything for it.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(private readonly requests: TakenRequests) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const [request, reply] = [http.getRequest<Request>(), http.getResponse<Reply>()];
    if (READING.includes(request.method)) return next.handle();
    const key = idempotencyKey(request.headers[IDEMPOTENCY_KEY_HEADER]);
    if (key === undefined) return next.handle();
    const { method, url } = request;
    const command = uuidOf('idempotency-key', requestActor(request) ?? '', key);
    const asked = [method, url, (request.body ?? null) as JsonValue];
    const fingerprint = this.requests.fingerprint(asked);
    const { answer, repeated } = await this.requests.once({ command, fingerprint }, (done) =>
      withGivenCommand({ id: command, done }, () => worked(next, reply, done)),
    );
    reply.status(answer.status);
    for (const [name, value] of Object.entries(answer.headers)) reply.header(name, value);
    if (repeated) reply.header('idempotency-replayed', 'true');
    return of(answer.body);
  }
}

async function worked(
  next: CallHandler,
  reply: Reply,
  done: readonly StoredAppend[] | null,
): Promise<Worked> {
  try {
    const body: unknown = await lastValueFrom(next.handle(), { defaultValue: undefined });
    return { outcome: 'answered', answer: keptAnswer(reply, body) };
  } catch (error) {
    if (done) return { outcome: 'unknown', error: answerLost(done, error) };
    return { outcome: isRefusal(error) ? 'refused' : 'unknown', error };
  }
}

function keptAnswer(reply: Reply, body: unknown): KeptAnswer {
  const headers = KEPT_HEADERS.flatMap((name) => {
    const value = reply.getHeader(name);
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  const kept = { status: reply.statusCode, headers: Object.fromEntries(headers) };
  // As it is sent: the members of a DTO, without what is undefined.
  return body === undefined ? kept : { ...kept, body: JSON.parse(JSON.stringify(body)) as JsonValue };
}

/** Whether it is certain that nothing was done. Whatever has no code, and what is our fault, may have come after the append. */
function isRefusal(error: unknown): boolean {
  const coded: CodedError<string> | undefined = error instanceof CodedError ? error : undefined;
  return coded !== undefined && (problemKind(coded.code)?.status ?? 500) < 500;
}

/** It was carried out by a server that died before it had kept its answer, and nothing is left to make that answer from. */
function answerLost(done: readonly StoredAppend[], cause: unknown): HttpError {
  const events = done.flatMap((append) => append.events.map(({ bytes }) => decodeEvent(bytes)));
  const what = events.map(({ type, stream, id }) => `${type} in ${stream} (event ${id})`).join(', ');
  const [first] = events;
  const who = first ? ` by ${actorName(first.actor)} at ${first.at}` : '';
  return new HttpError(
    'answer-lost',
    `this was done${who}, and its answer is lost: ${what}. Look at it there; to do anything more, ask with a new key`,
    [],
    { cause },
  );
}
