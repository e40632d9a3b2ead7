import { Readable } from 'node:stream';
import { RouteConfig } from '@nestjs/platform-fastify';

/** The media type that a file is sent as, whatever it is. */
export const FILE_MEDIA_TYPE = 'application/octet-stream';

/** A route whose body is a file: it gets the bytes as they come (a `Readable`), counts them itself, and reads all or none of them. */
export function TakesFile(): MethodDecorator {
  return RouteConfig({ file: true });
}

/** @param config of a route */
export function takesFile(config: unknown): boolean {
  return typeof config === 'object' && config !== null && 'file' in config && config.file === true;
}

/** Of a body that no parser has read: what is in it is for its route to look at. */
export function isUnread(body: unknown): body is Readable | Buffer {
  return body instanceof Readable || Buffer.isBuffer(body);
}
