import { RouteConfig } from '@nestjs/platform-fastify';

/** Bytes of a body that is taken before anybody knows whose it is. */
export const SIGNED_BODY_LIMIT = 16 * 1024;

/** A route whose body is JSON that somebody signed: it gets the bytes as they came (a `Buffer`), and reads them once the signature is right. */
export function TakesSignedBody(): MethodDecorator {
  return RouteConfig({ signedBody: true });
}

/** @param config of a route */
export function takesSignedBody(config: unknown): boolean {
  return (
    typeof config === 'object' && config !== null && 'signedBody' in config && config.signedBody === true
  );
}
