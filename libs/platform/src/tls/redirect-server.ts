import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { sentenceOf } from '#kernel';

/** An answer in the form that a server's own errors have. */
export interface PlainRefusal {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface RedirectSettings {
  readonly host: string;
  readonly port: number;
  /** How we are reached, without a slash at its end; undefined: under the name that the request names, at `httpsPort`. */
  readonly publicUrl: string | undefined;
  readonly httpsPort: number;
  readonly refusal: (sentence: string) => PlainRefusal;
}

const PATIENCE_MS = 10_000;
const HOST = /^([a-zA-Z0-9.-]{1,255}|\[[0-9a-fA-F:.]{2,45}\])(?::[0-9]{1,5})?$/;

/**
 * Plain HTTP, for those who know no better address: GET and HEAD are sent on to HTTPS (301: some that ask are too old for 308, and these two methods
 * stay what they are). Anything else would have to be said twice, the first time for all to read, so it is an error that names the address.
 */
export class RedirectServer {
  private constructor(private readonly server: Server) {}

  /** @throws Error, naming the address, when it can't be listened on */
  static async listen(settings: RedirectSettings): Promise<RedirectServer> {
    const limits = { requestTimeout: PATIENCE_MS, headersTimeout: PATIENCE_MS };
    const server = createServer(limits, (request, response) => answer(request, response, settings));
    server.listen(settings.port, settings.host);
    try {
      await once(server, 'listening');
    } catch (error) {
      const why = sentenceOf(error);
      throw new Error(`plain HTTP cannot be redirected on ${settings.host}:${settings.port}: ${why}`, {
        cause: error,
      });
    }
    return new RedirectServer(server);
  }

  get port(): number {
    const address = this.server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }
}

function answer(request: IncomingMessage, response: ServerResponse, settings: RedirectSettings): void {
  const { method, url = '' } = request;
  const base = httpsBase(request.headers.host, settings);
  if (base === undefined || !url.startsWith('/')) {
    refuse(response, settings.refusal('the request names no host and path that it could be sent on to'));
  } else if (method === 'GET' || method === 'HEAD') {
    // Not to be remembered: a site may go back to plain HTTP.
    response
      .writeHead(301, { location: `${base}${url}`, 'cache-control': 'no-store', 'content-length': 0 })
      .end();
  } else {
    refuse(response, settings.refusal(`plain HTTP is not served: use ${base}`));
  }
}

function refuse(response: ServerResponse, { headers, body }: PlainRefusal): void {
  response.writeHead(400, { ...headers, 'cache-control': 'no-store' }).end(body);
}

/** The Host header is the sender's to choose, and only its own answer is made with it. */
function httpsBase(host: string | undefined, { publicUrl, httpsPort }: RedirectSettings): string | undefined {
  if (publicUrl !== undefined) return publicUrl;
  const name = HOST.exec(host ?? '')?.[1];
  if (name === undefined) return undefined;
  return `https://${name}${httpsPort === 443 ? '' : `:${httpsPort}`}`;
}
