import type { RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { upstreamSettings } from '../settings.js';
import { fixtureServer, type FixtureServer } from '../testing/fixture-server.js';
import { Egress, type EgressRequest } from './egress.js';
import type { Resolve } from './pinned-lookup.js';

const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each[Symbol.asyncDispose]();
});

async function serve(listener: RequestListener): Promise<FixtureServer> {
  const server = await fixtureServer(listener);
  open.push(server);
  return server;
}

function egressTo(url: string, extraOrigins = '', resolve?: Resolve): Egress {
  const egress = new Egress(upstreamSettings(url, extraOrigins), resolve);
  open.push({ [Symbol.asyncDispose]: () => egress.close() });
  return egress;
}

const signal = new AbortController().signal;

function get(url: string, headers: Record<string, string> = {}): EgressRequest {
  return { method: 'GET', url: new URL(url), headers };
}

/** Redirects `/N` to `/N-1`, down to 0. */
const countdown: RequestListener = (request, response) => {
  const left = Number(request.url?.slice(1));
  if (left === 0) response.end('there');
  else response.writeHead(302, { location: `/${left - 1}` }).end();
};

describe('redirects', () => {
  it('follows five, and not six', async () => {
    const server = await serve(countdown);
    const egress = egressTo(server.url);
    expect(await text((await egress.send(get(`${server.url}/5`), signal)).body)).toBe('there');
    await expect(egress.send(get(`${server.url}/6`), signal)).rejects.toMatchObject({
      code: 'malformed-answer',
    });
  });

  it('goes to an origin of the allow-list, without what proves who asks', async () => {
    const cdn = await serve((_, response) => response.end('blob'));
    const store = await serve((_, response) =>
      response.writeHead(302, { location: `${cdn.url}/x?t=1` }).end(),
    );
    const answer = await egressTo(store.url, ` ${cdn.url}/ , `).send(
      get(store.url, { Authorization: 'secret', 'X-Device-Authorization': 'secret', range: 'bytes=1-' }),
      signal,
    );
    expect(await text(answer.body)).toBe('blob');
    expect(answer.url.href).toBe(`${cdn.url}/x?t=1`);
    expect(cdn.requests[0]?.headers).toMatchObject({ range: 'bytes=1-' });
    expect(cdn.requests[0]?.headers).not.toHaveProperty('authorization');
    expect(cdn.requests[0]?.headers).not.toHaveProperty('x-device-authorization');
  });

  it('sends a body again only where the status says so', async () => {
    const bodies: Promise<string>[] = [];
    const server = await serve((request, response) => {
      if (request.url === '/end') {
        bodies.push(text(request));
        response.end();
      } else response.writeHead(Number(request.url?.slice(1)), { location: '/end' }).end();
    });
    const post = (path: string): EgressRequest => ({
      ...get(server.url + path),
      method: 'POST',
      body: Buffer.from('question'),
    });
    await egressTo(server.url).send(post('/307'), signal);
    expect(await bodies[0]).toBe('question');
    await expect(egressTo(server.url).send(post('/302'), signal)).rejects.toMatchObject({
      code: 'malformed-answer',
    });
  });

  it('refuses a redirect to nowhere', async () => {
    const server = await serve((_, response) => response.writeHead(302).end());
    await expect(egressTo(server.url).send(get(server.url), signal)).rejects.toMatchObject({
      code: 'malformed-answer',
    });
  });
});

describe('addresses that an answer names', () => {
  it.each([
    ['another port of this machine', 'http://127.0.0.1:1/'],
    ['https to this machine', 'https://127.0.0.1:1/'],
    ['https to this machine, in another spelling', 'https://0x7f.1/'],
    ['https to IPv6 loopback', 'https://[::1]/'],
    ['https to mapped loopback', 'https://[::ffff:127.0.0.1]/'],
    ['a metadata service', 'http://169.254.169.254/latest'],
    ['plain http to a public host', 'http://cdn.example/'],
    ['another scheme', 'file:///etc/passwd'],
    ['credentials', 'https://user:pass@cdn.example/'],
    ['a name that resolves to this network', 'https://rebound.example/'],
  ])('refuses %s', async (_, location) => {
    const server = await serve((_request, response) => response.writeHead(302, { location }).end());
    const resolve: Resolve = () => Promise.resolve([{ address: '10.0.0.7', family: 4 }]);
    await expect(egressTo(server.url, '', resolve).send(get(server.url), signal)).rejects.toMatchObject({
      code: 'refused-address',
    });
  });

  it('says that a name is unknown', async () => {
    const resolve: Resolve = () => Promise.reject(Object.assign(new Error('unknown'), { code: 'ENOTFOUND' }));
    const egress = egressTo('http://127.0.0.1:1', '', resolve);
    await expect(egress.send(get('https://nowhere.example/'), signal)).rejects.toMatchObject({
      code: 'unreachable',
    });
  });
});

describe('upstreamSettings', () => {
  it.each(['', 'ftp://store.example', 'https://me@store.example', 'store.example'])('refuses %j', (url) => {
    expect(() => upstreamSettings(url)).toThrow(TypeError);
  });
});
