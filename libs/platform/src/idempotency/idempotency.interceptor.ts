import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { actorName, CodedError, decodeEvent, uuidOf, type JsonValue } from '#kernel';
import type { StoredAppend } from '#event-store/port';
import { lastValueFrom, of, type Observable } from 'rxjs';
import { HttpError } from '../http/errors.js';
import { isUnread } from '../http/file-body.js';
import { problemKind } from '../problems/problem-table.js';
import type { KeptAnswer } from './answer-seals.js';
import { withGivenCommand, type GivenCommand } from '../given-command.js';
import { SHOWS_SECRETS } from './shows-secrets.js';
import { IDEMPOTENCY_KEY_HEADER, idempotencyKey } from './idempotency-key.js';
import { requestActor } from './request-actor.js';
import { TakenRequests, type Worked } from './taken-requests.js';

const READING: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];
/** What an answer says besides its body. */
const KEPT_HEADERS = ['location', 'etag'];

interface Request {
  readonly method: string;
  readonly url: string;
  readonly query?: unknown;
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
  constructor(
    private readonly requests: TakenRequests,
    private readonly reflector: Reflector,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const [request, reply] = [http.getRequest<Request>(), http.getResponse<Reply>()];
    if (READING.includes(request.method)) return next.handle();
    const key = idempotencyKey(request.headers[IDEMPOTENCY_KEY_HEADER]);
    if (key === undefined) return next.handle();
    const actor = requestActor(request);
    // Whoever is not known yet has nothing kept for them: what they send proves itself, each time anew.
    if (actor === undefined) return next.handle();
    const { method, url } = request;
    const command = uuidOf('idempotency-key', actor, key);
    const isFile = isUnread(request.body);
    if (isFile) requireNamed(request.query);
    const asked = isFile ? null : (request.body ?? null);
    const fingerprint = this.requests.fingerprint([method, url, asked as JsonValue]);
    const keepsAnswer = !this.reflector.get<true | undefined>(SHOWS_SECRETS, context.getHandler());
    const { answer, repeated } = await this.requests.once(
      { command, actor, fingerprint, keepsAnswer },
      async (done) => {
        if (done && !keepsAnswer) return { outcome: 'unknown', error: answerLost(done, undefined) };
        const given: GivenCommand = { id: command, done };
        return withGivenCommand(given, () => worked(next, reply, given));
      },
    );
    reply.status(answer.status);
    for (const [name, value] of Object.entries(answer.headers)) reply.header(name, value);
    if (repeated) reply.header('idempotency-replayed', 'true');
    return of(answer.body);
  }
}

/** That a file is the one of before, its address has to say: its bytes are read by its route alone. @throws HttpError `invalid-request` */
function requireNamed(query: unknown): void {
  const sha256 = typeof query === 'object' && query !== null && 'sha256' in query ? query.sha256 : undefined;
  if (typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256)) return;
  const why =
    'with an Idempotency-Key, the address of a file says which one it is: give its SHA-256 as sha256=<64 small hex digits>';
  throw new HttpError('invalid-request', why);
}

async function worked(next: CallHandler, reply: Reply, given: GivenCommand): Promise<Worked> {
  const { done } = given;
  try {
    const body: unknown = await lastValueFrom(next.handle(), { defaultValue: undefined });
    // Not what was done: another request, with the key of one of which only the history knows.
    if (done && !given.decided) return { outcome: 'unknown', error: answerLost(done, undefined) };
    return { outcome: 'answered', answer: keptAnswer(reply, body), decided: given.decided ?? false };
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
