import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { request, type RequestOptions } from 'node:https';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Fetch } from '#api-client/client';
import type { Cli } from '../cli.js';
import { homeFolder } from './home.js';

const WITHOUT_BODY: readonly number[] = [204, 205, 304];

/**
 * How to reach a control that runs on this machine, at an address that no certificate is for: with the home's own certificate, which
 * `import-certificate` left there, and no other one. Undefined when the home has none.
 */
export async function fetchFromHome(env: Cli['env']): Promise<Fetch | undefined> {
  const chain = await readFile(join(homeFolder(env), 'certificate.crt'), 'utf8').catch(() => undefined);
  if (chain === undefined) return undefined;
  const { fingerprint256 } = new X509Certificate(chain);
  const trust: RequestOptions = {
    ca: chain,
    // Whatever of the chain is in the file ends it.
    allowPartialTrustChain: true,
    checkServerIdentity: (_host, peer) =>
      peer.fingerprint256 === fingerprint256
        ? undefined
        : new Error(
            'it shows another certificate than the one in the home: it takes a new one within seconds, try again',
          ),
  };
  return async (target, { method, headers: asking, signal, body: content }) => {
    const asked = request(target, {
      ...trust,
      agent: false,
      method,
      headers: Object.fromEntries(asking),
      signal,
    });
    const answered = once(asked, 'response') as Promise<[IncomingMessage]>;
    // Of a file that is refused before it is whole, the answer says why.
    const stream: unknown = content;
    if (stream instanceof ReadableStream)
      pipeline(Readable.fromWeb(stream as never), asked).catch(() => undefined);
    else asked.end(content);
    const [answer] = await answered;
    const status = answer.statusCode ?? 0;
    // A status without a body may not be given an empty one either.
    const body = WITHOUT_BODY.includes(status) ? null : (Readable.toWeb(answer) as ReadableStream);
    const headers = Object.entries(answer.headers).map(([name, value]): [string, string] => [
      name,
      String(value),
    ]);
    return new Response(body, { status, headers });
  };
}
