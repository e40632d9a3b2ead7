import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

export interface Seen {
  readonly request: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

type Answer = readonly [status: number, body?: unknown, headers?: Readonly<Record<string, string>>];

/** An HTTP server that answers as control's OpenAPI document says, from a list: `GET /v1/overrides?snap=x` → status and body. */
export class ControlFixture {
  readonly seen: Seen[] = [];

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(answers: Readonly<Record<string, Answer>>): Promise<ControlFixture> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const fixture = new ControlFixture(server, `http://127.0.0.1:${port}`);
    server.on('request', (request, response) => {
      void (async () => {
        const name = `${request.method} ${request.url}`;
        const { authorization, 'content-type': type } = request.headers;
        fixture.seen.push({
          request: name,
          authorization,
          body: type === undefined ? undefined : await json(request),
        });
        const [status, body, headers = {}]: Answer = answers[name] ?? [
          404,
          { title: 'There is nothing at this address', code: 'no-such-route' },
        ];
        const mediaType = status < 400 ? 'application/json' : 'application/problem+json';
        response
          .writeHead(status, { 'content-type': mediaType, ...headers })
          .end(typeof body === 'string' ? body : JSON.stringify(body));
      })();
    });
    return fixture;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}

export function problem(status: number, code: string, detail: string): Answer {
  return [
    status,
    { type: `urn:holdfast:problem:${code}`, title: 'Refused', status, detail, code, requestId: 'request-7' },
  ];
}
