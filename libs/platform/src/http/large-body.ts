import { RouteConfig } from '@nestjs/platform-fastify';
import type { RouteOptions } from 'fastify';
import { SIGNED_BODY_LIMIT, takesSignedBody } from './signed-body.js';

/** Bytes of a body that a route takes: of most, and of those that say `@TakesLargeBody()`: 2,000 items of a change request, of 270 bytes at most. */
export const BODY_LIMIT = 256 * 1024;
export const LARGE_BODY_LIMIT = 1024 * 1024;

/** A route that takes a list for a whole ring. */
export function TakesLargeBody(): MethodDecorator {
  return RouteConfig({ largeBody: true });
}

/** For `onRoute`: what the decorator said, as the server takes it. */
export function setBodyLimit(route: RouteOptions): void {
  const { config } = route;
  if (config && 'largeBody' in config && config.largeBody === true) route.bodyLimit = LARGE_BODY_LIMIT;
  if (takesSignedBody(config)) route.bodyLimit = SIGNED_BODY_LIMIT;
}
