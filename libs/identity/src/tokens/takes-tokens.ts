import {
  createParamDecorator,
  SetMetadata,
  type CustomDecorator,
  type ExecutionContext,
} from '@nestjs/common';
import { rememberRequestActor } from '#platform/idempotency/request-actor';
import { IdentityError } from '../domain/errors.js';
import type { OpenToken } from './open-token.js';

export const TAKES_TOKENS = 'holdfast:takes-tokens';

/** A route for programs with a token. On every other one a token opens nothing. */
export function TakesTokens(): CustomDecorator {
  return SetMetadata(TAKES_TOKENS, true);
}

const TOKENS = new WeakMap<object, OpenToken>();

export function rememberToken(request: object, token: OpenToken): void {
  TOKENS.set(request, token);
  rememberRequestActor(request, token.actor.id);
}

/** The token that the request came with, if it came with one and not with a session. */
export const GivenToken = createParamDecorator(
  (_data: unknown, context: ExecutionContext): OpenToken | undefined =>
    TOKENS.get(context.switchToHttp().getRequest<object>()),
);

/** The token that the request came with: `list(@CurrentToken() token: OpenToken, …)`. @throws IdentityError `token-required` for a session */
export const CurrentToken = createParamDecorator((_data: unknown, context: ExecutionContext): OpenToken => {
  const token = TOKENS.get(context.switchToHttp().getRequest<object>());
  if (token) return token;
  throw new IdentityError(
    'token-required',
    'this address takes a token, whose standing reason goes into the record: "holdfast tokens add" makes one',
  );
});
