import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { notSignedIn } from '../domain/person/require-session.js';
import { API_TOKEN_PREFIX } from '../tokens/api-tokens.js';
import { rememberToken, TAKES_TOKENS } from '../tokens/takes-tokens.js';
import { tokenInHeader } from '../tokens/token-in-header.js';
import { Tokens } from '../tokens/tokens.js';
import { rememberSession } from './current-session.js';
import { OWN_CREDENTIALS } from './own-credentials.js';
import { PUBLIC } from './public.js';
import { Sessions } from './sessions.js';

interface Request {
  readonly headers: { readonly authorization?: string };
}

/**
 * Guards the whole app (R28): `Authorization: Bearer <session>` on everything that is not {@link Public}, and a second component where the site asks everybody for one; a token, in whatever form stores'
 * clients send one, where the route takes tokens.
 */
@Injectable()
export class SessionGuard implements CanActivate {
  constructor(
    private readonly sessions: Sessions,
    private readonly tokens: Tokens,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.has(PUBLIC, context)) return true;
    const request = context.switchToHttp().getRequest<Request>();
    const authorization = request.headers.authorization ?? '';
    const token = this.has(TAKES_TOKENS, context) ? tokenInHeader(authorization) : undefined;
    if (token?.startsWith(API_TOKEN_PREFIX)) {
      rememberToken(request, await this.tokens.open(token));
      return true;
    }
    const session = /^Bearer ([\w-]+)$/i.exec(authorization)?.[1];
    if (session === undefined) throw notSignedIn();
    const opened = await this.sessions.open(session);
    if (!this.has(OWN_CREDENTIALS, context)) await this.sessions.requireSecondComponent(opened);
    rememberSession(request, opened);
    return true;
  }

  private has(mark: string, context: ExecutionContext): boolean {
    return (
      this.reflector.getAllAndOverride<true | undefined>(mark, [context.getHandler(), context.getClass()]) ??
      false
    );
  }
}
