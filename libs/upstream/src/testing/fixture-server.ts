import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** A store that misbehaves as a spec wants it, on a real socket. */
export interface FixtureServer extends AsyncDisposable {
  readonly url: string;
  /** All requests so far, in order. */
  readonly requests: readonly IncomingMessage[];
}

export async function fixtureServer(listener: RequestListener): Promise<FixtureServer> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    listener(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** An address where nothing listens any more. */
export async function goneServer(): Promise<string> {
  const server = await fixtureServer(() => undefined);
  await server[Symbol.asyncDispose]();
  return server.url;
}
