import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

const unzip = promisify(gunzip);

/**
 * An answer's body as it is without the encoding of its way. Undefined for an encoding that snapd does not ask for, and for what is more than
 * `most` bytes without it.
 */
export async function decoded(
  body: Buffer,
  encoding: string | undefined,
  most: number,
): Promise<Buffer | undefined> {
  if (encoding === undefined || encoding === 'identity') return body;
  if (encoding !== 'gzip') return undefined;
  // It fails for what is none, and for one that unpacks to more.
  return await unzip(body, { maxOutputLength: most }).catch(() => undefined);
}
