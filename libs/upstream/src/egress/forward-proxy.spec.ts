import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestAuthority } from '#platform/tls/testing/test-authority';
import { upstreamSettings } from '../settings.js';
import { fixtureServer, type FixtureServer } from '../testing/fixture-server.js';
import { forwardProxy, type TestForwardProxy } from '../testing/forward-proxy.js';
import { directHosts } from '#platform/direct-hosts';
import { Egress, type EgressRequest } from './egress.js';

const root = TestAuthority.root();
const SECRET = `Basic ${Buffer.from('holdfast:s3cret').toString('base64')}`;
const signal = new AbortController().signal;

let open: AsyncDisposable[];
let httpsPort: number;
let plain: FixtureServer;

beforeEach(async () => {
  open = [];
  const { pem, keyPem } = root.server(['store.example', 'cdn.example']);
  const https = createServer({ cert: pem, key: keyPem }, (_, response) => response.end('by TLS'));
  https.listen(0, '127.0.0.1');
  await once(https, 'listening');
  httpsPort = (https.address() as AddressInfo).port;
  const close = async (): Promise<void> => {
    https.closeAllConnections();
    https.close();
    await once(https, 'close');
  };
  plain = await fixtureServer((_, response) => response.end('plainly'));
  open.push({ [Symbol.asyncDispose]: close }, plain);
});
afterEach(async () => {
  for (const each of open.toReversed()) await each[Symbol.asyncDispose]();
});

async function proxyThatWants(authorization?: string): Promise<TestForwardProxy> {
  const proxy = await forwardProxy(authorization);
  open.push(proxy);
  return proxy;
}

interface Through {
  readonly url: string;
  readonly authorization?: string;
  readonly noProxy?: string;
  readonly authorities?: string;
}

function egressTo(upstream: string, through: Through): Egress {
  const { url, authorization, noProxy = '', authorities = root.issued.pem } = through;
  const proxy = { url: new URL(url), authorization, direct: directHosts(noProxy) };
  // Nothing is resolved here: with a forward proxy, its resolver is the one that counts.
  const unknown = () => Promise.reject(new Error('looked up'));
  const egress = new Egress(upstreamSettings(upstream, '', {}, { proxy, authorities }), unknown);
  open.push({ [Symbol.asyncDispose]: () => egress.close() });
  return egress;
}

const get = (url: string): EgressRequest => ({ method: 'GET', url: new URL(url), headers: {} });

describe('through a forward proxy', () => {
  it('tunnels to https, and asks it for plain http', async () => {
    const proxy = await proxyThatWants();
    const upstream = `https://store.example:${httpsPort}`;
    const egress = egressTo(upstream, proxy);
    expect(await text((await egress.send(get(upstream), signal)).body)).toBe('by TLS');
    const { port } = new URL(plain.url);
    const other = egressTo(`http://store.example:${port}`, proxy);
    const answer = await other.send(get(`http://store.example:${port}/x`), signal);
    expect(await text(answer.body)).toBe('plainly');
    expect(proxy.asked).toEqual([`CONNECT store.example:${httpsPort}`, `GET http://store.example:${port}/x`]);
  });

  it('shows its credentials to the proxy, and to nobody else', async () => {
    const proxy = await proxyThatWants(SECRET);
    const { port } = new URL(plain.url);
    const egress = egressTo(`http://store.example:${port}`, { url: proxy.url, authorization: SECRET });
    await text((await egress.send(get(`http://store.example:${port}/`), signal)).body);
    expect(plain.requests[0]?.headers).not.toHaveProperty('proxy-authorization');
    const upstream = `https://store.example:${httpsPort}`;
    const answer = await egressTo(upstream, { url: proxy.url, authorization: SECRET }).send(
      get(upstream),
      signal,
    );
    expect(answer.status).toBe(200);
  });

  it.each(['http', 'https'])('says that the proxy wants other credentials: %s', async (scheme) => {
    const proxy = await proxyThatWants('Basic other');
    const upstream = `${scheme}://store.example:${httpsPort}`;
    const egress = egressTo(upstream, { url: proxy.url, authorization: SECRET });
    const sent = egress.send(get(upstream), signal);
    await expect(sent).rejects.toMatchObject({ code: 'unreachable' });
    await expect(sent).rejects.toThrow(
      `the forward proxy ${proxy.url} does not let us through to ${upstream}: it wants other credentials (407)`,
    );
    const error: unknown = await sent.catch((reason: unknown) => reason);
    expect(String(error instanceof Error ? error.stack : error)).not.toContain(SECRET.slice(6));
  });

  it('says that the proxy refuses, or is away', async () => {
    const proxy = await proxyThatWants();
    const forbidden = `https://forbidden.example:${httpsPort}`;
    await expect(egressTo(forbidden, proxy).send(get(forbidden), signal)).rejects.toThrow(
      'it answers with status 403',
    );
    await proxy[Symbol.asyncDispose]();
    open.splice(open.indexOf(proxy), 1);
    const away = egressTo('https://store.example', proxy).send(get('https://store.example'), signal);
    await expect(away).rejects.toMatchObject({ code: 'unreachable' });
    await expect(away).rejects.toThrow(
      `cannot reach https://store.example through the forward proxy ${proxy.url}`,
    );
  });

  it('goes directly to what the list names', async () => {
    const proxy = await proxyThatWants();
    const egress = egressTo(plain.url, { url: proxy.url, noProxy: '127.0.0.0/8' });
    expect(await text((await egress.send(get(plain.url), signal)).body)).toBe('plainly');
    expect(proxy.asked).toEqual([]);
  });

  it('believes no authority that the site does not name', async () => {
    const proxy = await proxyThatWants();
    const upstream = `https://store.example:${httpsPort}`;
    const other = TestAuthority.root('Another Root').issued.pem;
    const sent = egressTo(upstream, { url: proxy.url, authorities: other }).send(get(upstream), signal);
    await expect(sent).rejects.toMatchObject({ code: 'unreachable' });
  });
});

describe('what an answer names, with a forward proxy', () => {
  it('is left to the proxy when it may be public', async () => {
    const proxy = await proxyThatWants();
    const egress = egressTo('https://store.example', proxy);
    const answer = await egress.send(get(`https://cdn.example:${httpsPort}/`), signal);
    expect(await text(answer.body)).toBe('by TLS');
  });

  it.each([
    'https://localhost/',
    'https://intranet/',
    'https://nas.local/',
    'https://vault.corp./',
    'https://10.0.0.7/',
    'https://[fd12::1]/',
    'http://cdn.example/',
  ])('is refused: %s', async (url) => {
    const proxy = await proxyThatWants();
    await expect(egressTo('https://store.example', proxy).send(get(url), signal)).rejects.toMatchObject({
      code: 'refused-address',
    });
    expect(proxy.asked).toEqual([]);
  });
});
