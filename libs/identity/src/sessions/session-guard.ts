import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { rememberSession } from './current-session.js';
import { PUBLIC } from './public.js';
import { notSignedIn, Sessions } from './sessions.js';

interface Request {
  readonly headers: { readonly authorization?: string };
}

/** Guards the whole app (R28): `Authorization: Bearer <token>` on everything that is not {@link Public}. */
@Injectable()
export class SessionGuard implements CanActivate {
  constructor(
    private readonly sessions: Sessions,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const open = this.reflector.getAllAndOverride<true | undefined>(PUBLIC, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (open) return true;
    const request = context.switchToHttp().getRequest<Request>();
    const token = /^Bearer ([\w-]+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined) throw notSignedIn();
    rememberSession(request, await this.sessions.open(token));
    return true;
  }
}
