import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import { sentenceOf } from '#kernel';
import type { Readiness } from './readiness.js';

export interface HealthAddress {
  readonly healthHost: string;
  /** 0 takes a free one. */
  readonly healthPort: number;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/**
 * `/livez`, `/readyz` and `/metrics` of one server, on an address of their own: they answer before the server is ready, while it stops, and to
 * nobody who can reach only its public port. Nothing is authenticated, and nothing secret is shown; loopback unless told otherwise.
 */
export class HealthServer {
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  /** @throws Error, naming the address, when it can't be listened on */
  static async listen(
    { healthHost, healthPort }: HealthAddress,
    readiness: Readiness,
    metrics: Registry,
  ): Promise<HealthServer> {
    const server = createServer({ requestTimeout: 10_000, headersTimeout: 10_000 }, (request, response) => {
      void respond(request, response, readiness, metrics);
    });
    server.listen(healthPort, healthHost);
    try {
      await once(server, 'listening');
    } catch (error) {
      const why = sentenceOf(error);
      throw new Error(`health and metrics cannot be served on ${healthHost}:${healthPort}: ${why}`, {
        cause: error,
      });
    }
    // It must not keep a process alive that has nothing else to do.
    server.unref();
    const { address, family, port } = server.address() as AddressInfo;
    return new HealthServer(server, `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`);
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  readiness: Readiness,
  metrics: Registry,
): Promise<void> {
  const answer = await answerTo(request, readiness, metrics).catch((error: unknown) =>
    text(500, sentenceOf(error)),
  );
  response.writeHead(answer.status, { 'content-type': answer.type, 'cache-control': 'no-store' });
  response.end(request.method === 'HEAD' ? undefined : answer.body);
}

async function answerTo(
  { method, url = '' }: IncomingMessage,
  readiness: Readiness,
  metrics: Registry,
): Promise<Answer> {
  if (method !== 'GET' && method !== 'HEAD') return text(405, 'GET and HEAD only');
  switch (url.split('?', 1)[0]) {
    case '/livez':
      return json(200, { server: readiness.server, alive: true });
    case '/readyz': {
      const report = await readiness.report();
      return json(report.ready ? 200 : 503, report);
    }
    case '/metrics':
      return { status: 200, type: metrics.contentType, body: await metrics.metrics() };
    case undefined:
    default:
      return text(404, '/livez, /readyz and /metrics are here, nothing else');
  }
}

function json(status: number, body: object): Answer {
  return { status, type: 'application/json', body: `${JSON.stringify(body, null, 2)}\n` };
}

function text(status: number, sentence: string): Answer {
  return { status, type: 'text/plain; charset=utf-8', body: `${sentence}\n` };
}
