import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { uuidv7 } from '#kernel';
import { lastValueFrom, of, type Observable } from 'rxjs';
import { HttpError } from '../http/errors.js';
import { givenCommand, withGivenCommand, type GivenCommand } from '../given-command.js';
import { entityTag, entityTags, ifMatch, isKnown } from './entity-tag.js';

interface Request {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

interface Reply {
  status(code: number): unknown;
  header(name: string, value: string): unknown;
}

/**
 * ETags of all answers, and what requests say with them: `If-None-Match` for what is read, `If-Match` for what is to be changed. The latter is looked at where the
 * command is decided, at the very revision that it is appended after.
 */
@Injectable()
export class RevisionInterceptor implements NestInterceptor {
  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const [{ method, headers }, reply] = [http.getRequest<Request>(), http.getResponse<Reply>()];
    const reads = method === 'GET' || method === 'HEAD';
    const known = entityTags('If-None-Match', headers['if-none-match']);
    if (!reads && known.length > 0)
      throw new HttpError('invalid-request', 'If-None-Match is for what is read; a command takes If-Match');
    const command: GivenCommand = givenCommand() ?? { id: uuidv7(), done: null };
    command.ifMatch = reads ? undefined : ifMatch(headers['if-match']);
    const body: unknown = await withGivenCommand(command, () =>
      lastValueFrom(next.handle(), { defaultValue: undefined }),
    );
    const tag = entityTag(command.revision, reads && body !== undefined ? JSON.stringify(body) : undefined);
    if (tag === undefined) return of(body);
    reply.header('etag', tag);
    if (!reads || !isKnown(known, tag)) return of(body);
    reply.status(304);
    return of(undefined);
  }
}
