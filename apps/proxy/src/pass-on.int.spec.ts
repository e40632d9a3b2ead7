import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request as ask, type IncomingMessage, type RequestOptions } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { buffer, json, text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProxySite, type RunningProxy } from './testing/proxy-site.js';
import { StandInIncumbent } from './testing/stand-in-incumbent.js';

let site: ProxySite;
let incumbent: StandInIncumbent;
let shadow: RunningProxy;

beforeAll(async () => {
  site = await ProxySite.start();
  await site.hold();
  incumbent = await StandInIncumbent.start();
  shadow = await site.proxy('cache', site.upstream.url, { shadowOf: incumbent.url });
});
afterAll(async () => {
  await site.close();
  await incumbent.close();
});

/** As a device asks, with every header seen. */
async function asked(
  path: string,
  { body, ...options }: RequestOptions & { readonly body?: Buffer } = {},
  url = shadow.url,
): Promise<IncomingMessage> {
  const asking = ask(`${url}${path}`, options);
  asking.end(body);
  const [answer] = (await once(asking, 'response')) as [IncomingMessage];
  return answer;
}

describe('what a device asks', () => {
  it('comes to the incumbent as it was asked, under the name that the device knows', async () => {
    const body = randomBytes(100_000);
    const came = new Promise<{ readonly request: IncomingMessage; readonly body: Buffer }>((resolve) => {
      incumbent.answers = (request, response) => {
        response.end();
        void buffer(request).then((got) => resolve({ request, body: got }));
      };
    });
    const headers = {
      host: 'snaps.site.example',
      'Snap-Device-Authorization': 'Macaroon root="theirs"',
      'x-twice': ['1', '2'],
      connection: 'x-hop',
      'x-hop': 'only to the next',
      'transfer-encoding': 'chunked',
    };
    await asked('/api/v1/snaps/auth/sessions?a=%2f..%2f', { method: 'POST', headers, body });
    const { request, body: got } = await came;
    expect(request).toMatchObject({ method: 'POST', url: '/api/v1/snaps/auth/sessions?a=%2f..%2f' });
    expect(request.rawHeaders.join('\n')).toContain('Snap-Device-Authorization\nMacaroon root="theirs"');
    expect(request.headers).toMatchObject({ host: 'snaps.site.example', 'x-twice': '1, 2' });
    expect(request.headers).toMatchObject({ via: '1.1 holdfast-shadow', 'content-length': '100000' });
    expect(request.headers).not.toHaveProperty('x-hop');
    expect(got.equals(body)).toBe(true);
  });

  it.each([
    ['GET', 200],
    ['POST', 418],
    ['GET', 302],
    ['HEAD', 200],
    ['GET', 304],
    ['DELETE', 204],
  ])('by %s has the incumbent’s own answer, %i', async (method, status) => {
    const body = method === 'GET' && status !== 304 ? randomBytes(50_000) : Buffer.alloc(0);
    const headers = { 'Set-Cookie': ['a', 'b'], Location: 'http://cdn.example/x', 'X-Odd': 'ä', ETag: '"e"' };
    incumbent.answers = (_, response) => {
      response.writeHead(status, 'As It Likes', headers);
      response.end(body);
    };
    const answer = await asked('/anything', { method });
    expect(answer).toMatchObject({ statusCode: status, statusMessage: 'As It Likes' });
    expect(answer.headers).toMatchObject({
      'set-cookie': ['a', 'b'],
      location: 'http://cdn.example/x',
      etag: '"e"',
    });
    expect(answer.headers['snap-store-version']).toBeUndefined();
    expect((await buffer(answer)).equals(body)).toBe(true);
  });

  it('is answered as the incumbent’s bytes come, not when all are there', async () => {
    let finish: () => void = () => undefined;
    incumbent.answers = (_, response) => {
      response.write('first');
      finish = () => response.end(' last');
    };
    const answer = await asked('/download/x');
    const [piece] = (await once(answer, 'data')) as [Buffer];
    expect(piece.toString()).toBe('first');
    const rest = text(answer);
    finish();
    expect(await rest).toBe(' last');
  });
});

describe('an incumbent', () => {
  it('that closes a kept connection just then is asked over another', async () => {
    const answered = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';
    let connections = 0;
    const server = createServer((socket) => {
      const first = ++connections === 1;
      let requests = 0;
      socket.on('error', () => undefined);
      socket.on('data', () =>
        first && ++requests > 1 ? void socket.resetAndDestroy() : void socket.write(answered),
      );
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const over = await site.proxy('cache-kept', site.upstream.url, { shadowOf: url });
    for (let i = 0; i < 2; i++) expect(await text(await asked('/', {}, over.url))).toBe('ok');
    expect(connections).toBe(2);
    await over.stop();
    server.close();
  });

  it('that is gone is an error in the store’s form', async () => {
    const gone = await StandInIncumbent.start();
    const before = await site.proxy('cache-gone', site.upstream.url, { shadowOf: gone.url });
    await gone.close();
    const answer = await asked('/v2/snaps/info/core18', {}, before.url);
    expect(answer.statusCode).toBe(502);
    expect(answer.headers['content-type']).toBe('application/json');
    expect(await json(answer)).toMatchObject({ 'error-list': [{ code: 'incumbent-unavailable' }] });
    await before.stop();
  });

  it('that breaks off, or says what is no HTTP, breaks the device’s answer and nothing else', async () => {
    incumbent.answers = (_, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('half');
      response.socket?.destroySoon();
    };
    await expect(buffer(await asked('/download/x'))).rejects.toThrow('aborted');
    incumbent.answers = (_, response) => void response.socket?.end('what?\r\n\r\n');
    expect((await asked('/')).statusCode).toBe(502);
    incumbent.answers = (_, response) => void response.end('well');
    expect(await text(await asked('/'))).toBe('well');
  });

  it('that sends without end is left when the device leaves', async () => {
    const left = new Promise<string>((resolve) => {
      incumbent.answers = (_, response) => {
        const more = (): void => {
          while (response.write(Buffer.alloc(65_536)));
          response.once('drain', more);
        };
        response.once('close', () => resolve('left'));
        more();
      };
    });
    const answer = await asked('/download/x');
    await once(answer, 'data');
    answer.destroy();
    expect(await left).toBe('left');
  });

  it('that is a shadow itself, or this one, is found out', async () => {
    const second = await site.proxy('cache-second', site.upstream.url, { shadowOf: shadow.url });
    const answer = await asked('/', {}, second.url);
    expect(answer.statusCode).toBe(508);
    expect(await text(answer)).toContain('shadow-loop');
    await second.stop();
  });
});
