import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import { connect, type AddressInfo } from 'node:net';

/** A forward proxy on a real socket that leads every name to this machine. */
export interface TestForwardProxy extends AsyncDisposable {
  readonly url: string;
  /** What it was asked for: `CONNECT host:port`, or `GET http://…`. */
  readonly asked: readonly string[];
}

/** @param authorization what it wants as Proxy-Authorization; others get 407 */
export async function forwardProxy(authorization?: string): Promise<TestForwardProxy> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (authorization !== undefined && request.headers['proxy-authorization'] !== authorization) {
      response.writeHead(407, { 'proxy-authenticate': 'Basic realm="site"' }).end();
      return;
    }
    const { host, port, pathname, search } = new URL(request.url ?? '');
    const {
      'proxy-authorization': _forUs,
      'proxy-connection': _ofOurs,
      connection: _ours,
      ...headers
    } = request.headers;
    const onwards = httpRequest(
      {
        host: '127.0.0.1',
        port,
        path: `${pathname}${search}`,
        method: request.method,
        headers: { ...headers, host },
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    onwards.on('error', () => response.destroy());
    response.on('close', () => onwards.destroy());
    request.pipe(onwards);
  });
  server.on('connect', (request, socket) => {
    asked.push(`CONNECT ${request.url}`);
    socket.on('error', () => undefined);
    if (authorization !== undefined && request.headers['proxy-authorization'] !== authorization) {
      socket.end(
        'HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic realm="site"\r\n\r\n',
      );
      return;
    }
    if (request.url?.startsWith('forbidden.')) {
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return;
    }
    const onwards = connect({ host: '127.0.0.1', port: Number(request.url?.split(':').at(-1)) }, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onwards.pipe(socket).pipe(onwards);
    });
    onwards.on('error', () => socket.destroy());
    socket.on('close', () => onwards.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
