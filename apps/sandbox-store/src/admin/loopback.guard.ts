import { type CanActivate, type ExecutionContext, ForbiddenException, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

const LOOPBACK = /^(?:::ffff:)?127\.|^::1$/;

/** Whoever sits at the machine may change the store; others may only use it. */
@Injectable()
export class LoopbackGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { remoteAddress = '' } = context.switchToHttp().getRequest<FastifyRequest>().socket;
    if (!LOOPBACK.test(remoteAddress)) throw new ForbiddenException('only from the machine itself');
    return true;
  }
}
