import type { FastifyReply, FastifyRequest } from 'fastify';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const compress = promisify(gzip);

/** Below, the header costs what the compression saves. */
const LEAST_BYTES = 1024;

/**
 * The body as it is to be sent, compressed where the client takes that, with the headers that say so (RFC 9110, 8.4 and 12.5.3). snapd has ten
 * seconds in all for the catalogue, which is megabytes of text (protocol page 5.5).
 */
export async function compressedFor(
  request: FastifyRequest,
  reply: FastifyReply,
  body: Buffer,
): Promise<Buffer> {
  void reply.header('vary', 'accept-encoding');
  if (body.length < LEAST_BYTES || !takesGzip(request.headers['accept-encoding'])) return body;
  void reply.header('content-encoding', 'gzip');
  return await compress(body);
}

/** Named, or covered by `*`, with a weight that is not 0. */
function takesGzip(accepted: string | string[] | undefined): boolean {
  const codings = String(accepted ?? '')
    .toLowerCase()
    .split(',')
    .map((coding) => coding.split(';').map((part) => part.trim()));
  const said = codings.find(([name]) => name === 'gzip') ?? codings.find(([name]) => name === '*');
  return said !== undefined && !said.slice(1).some((weight) => /^q=0(?:\.0{0,3})?$/.test(weight));
}
