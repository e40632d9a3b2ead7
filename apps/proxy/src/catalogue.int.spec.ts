import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixtureServer, type FixtureServer } from '#upstream/testing/fixture-server';
import { LAB_HELLO, LAB_TOOL } from './testing/device.js';
import { ProxySite, type RunningProxy } from './testing/proxy-site.js';

const PICTURE = Buffer.from('89504e470d0a1a0a', 'hex');

const PACKAGES = Array.from({ length: 50 }, (_, n) => ({
  package_name: `snap-${n}`,
  version: '1',
  apps: [],
}));
const NAMES = JSON.stringify({ _embedded: { 'clickindex:package': PACKAGES } });

let site: ProxySite;
let upstream: FixtureServer;
let proxy: RunningProxy;
let withStore: RunningProxy;

/** A store that finds two snaps with icons, and says what it was asked. */
function answer(request: IncomingMessage, response: ServerResponse): void {
  const { pathname } = new URL(request.url ?? '', upstream.url);
  const json = (status: number, value: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
    response.end(JSON.stringify(value));
  };
  const found = (name: string, id: string, icon: string) => ({
    name,
    'snap-id': id,
    snap: {
      title: name,
      media: [{ type: 'icon', url: `${upstream.url}/${icon}` }],
      website: 'https://lab.example',
    },
    revision: { channel: 'stable', revision: 9, version: '9' },
  });
  switch (pathname) {
    case '/v2/snaps/find':
      return json(200, {
        results: [found('lab-hello', LAB_HELLO, 'icon'), found('lab-tool', LAB_TOOL, 'page')],
      });
    case '/api/v1/snaps/names':
      return void response.end(NAMES);
    case '/v2/cohorts':
      return json(200, { 'cohort-keys': { 'lab-hello': 'KEY' } });
    case '/icon':
      response.writeHead(200, { 'content-type': 'image/png', 'set-cookie': 'upstream=1' });
      return void response.end(PICTURE);
    case '/page':
      response.writeHead(200, { 'content-type': 'text/html' });
      return void response.end('<script>alert(1)</script>');
    default:
      return json(404, {});
  }
}

beforeAll(async () => {
  site = await ProxySite.start();
  upstream = await fixtureServer(answer);
  await site.hold(...(await site.capture('lab-hello', 'stable', 2)));
  proxy = await site.proxy('cache-fixture', upstream.url);
  withStore = await site.proxy();
  await proxy.events.until('obeyed 1');
  await withStore.events.until('obeyed 1');
});
afterAll(async () => {
  await site.close();
  await upstream[Symbol.asyncDispose]();
});

interface Found {
  readonly name: string;
  readonly snap: { readonly media: readonly { readonly url: string }[] };
  readonly revision: { readonly revision: number };
}

async function find(from: RunningProxy, query: string): Promise<Response> {
  return await fetch(`${from.url}/v2/snaps/find?${query}`, {
    headers: { 'snap-device-architecture': 'amd64' },
  });
}

async function foundBy(from: RunningProxy, query: string): Promise<readonly Found[]> {
  const response = await find(from, query);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/json');
  return ((await response.json()) as { results: Found[] }).results;
}

describe('a search', () => {
  it('finds what is held at its revision, and no address but ours', async () => {
    const found = await foundBy(proxy, 'q=lab&fields=title,media&secret=1');
    expect(found.map(({ name, revision }) => `${name} ${revision.revision}`)).toEqual([
      'lab-hello 2',
      'lab-tool 9',
    ]);
    expect(JSON.stringify(found)).not.toContain(upstream.url);
    expect(JSON.stringify(found)).toContain('https://lab.example');
    const asked = new URL(upstream.requests.at(-1)?.url ?? '', upstream.url).searchParams;
    expect([...asked]).toEqual([
      ['fields', 'title,media,revision,channel'],
      ['q', 'lab'],
    ]);
  });

  it('finds what is held without upstream, and says of the rest that it cannot', async () => {
    await site.upstream.shut();
    expect((await foundBy(withStore, 'q=hello')).map(({ name }) => name)).toEqual(['lab-hello']);
    const nothing = await find(withStore, 'q=tool');
    expect(nothing.status).toBe(503);
    expect(await nothing.json()).toMatchObject({ 'error-list': [{ code: 'upstream-unavailable' }] });
    await site.upstream.reopen();
  });

  it.each(['q=a&q=b', 'channel=a/b/c/d', 'architecture=../..', `q=${'x'.repeat(3000)}`])(
    'is refused: %s',
    async (query) => {
      expect((await find(proxy, query)).status).toBe(400);
    },
  );
});

describe('a picture', () => {
  async function picture(name: string, headers: Record<string, string> = {}): Promise<Response> {
    const found = await foundBy(proxy, 'q=lab');
    return await fetch(found.find((each) => each.name === name)?.snap.media[0]?.url ?? '', { headers });
  }

  it('is upstream, once for all who ask, harmless to whoever opens it', async () => {
    const before = upstream.requests.filter(({ url }) => url === '/icon').length;
    const [first] = await Promise.all([picture('lab-hello'), picture('lab-hello'), picture('lab-hello')]);
    expect(Buffer.from(await first.arrayBuffer())).toEqual(PICTURE);
    expect(first.headers.get('content-type')).toBe('image/png');
    expect(first.headers.get('content-security-policy')).toContain('sandbox');
    expect(first.headers.get('set-cookie')).toBeNull();
    expect(first.headers.get('snap-store-version')).toBe('55');
    expect(upstream.requests.filter(({ url }) => url === '/icon')).toHaveLength(before + 1);
    const again = await picture('lab-hello', { 'if-none-match': first.headers.get('etag') ?? '' });
    expect(again.status).toBe(304);
  });

  it('says nothing to upstream of who asks', async () => {
    await picture('lab-tool', { 'snap-device-store': 'brand', authorization: 'Macaroon root="x"' });
    const asked = upstream.requests.findLast(({ url }) => url === '/page');
    expect(Object.keys(asked?.headers ?? {})).not.toContain('authorization');
    expect(Object.keys(asked?.headers ?? {})).not.toContain('snap-device-store');
  });

  it('is none when it is a page, or its address none of ours', async () => {
    expect((await picture('lab-tool')).status).toBe(404);
    expect((await fetch(`${proxy.url}/media/nonsense`)).status).toBe(403);
  });
});

describe('the catalogue', () => {
  const names = (from: RunningProxy, accepted: string): Promise<Response> =>
    fetch(`${from.url}/api/v1/snaps/names?confinement=strict,classic`, {
      headers: { 'accept-encoding': accepted },
    });

  it('is upstream in an open ring, and there again when upstream is gone', async () => {
    const upstreamNames = await (await fetch(`${site.store.url}/api/v1/snaps/names`)).text();
    for (const path of ['/api/v1/snaps/sections', '/v2/snaps/categories']) {
      const [theirs, ours] = await Promise.all([
        fetch(`${site.store.url}${path}`),
        fetch(`${withStore.url}${path}`),
      ]);
      expect(ours.headers.get('content-type')).toBe(theirs.headers.get('content-type'));
      expect(await ours.text()).toBe(await theirs.text());
    }
    expect(await (await names(withStore, 'identity')).text()).toBe(upstreamNames);
    await site.upstream.shut();
    const again = await names(withStore, 'identity');
    expect([again.status, again.headers.get('content-type')]).toEqual([200, 'application/hal+json']);
    expect(await again.text()).toBe(upstreamNames);
    await site.upstream.reopen();
  });

  it.each([
    ['gzip', 'gzip'],
    ['deflate, GZIP;q=0.5', 'gzip'],
    ['*', 'gzip'],
    ['identity', null],
    ['gzip;q=0', null],
    ['*;q=0.0', null],
    ['gzip;q=0, *', null],
  ])('is compressed for who takes that: %s', async (accepted, encoding) => {
    const answer = await names(proxy, accepted);
    expect(answer.headers.get('content-encoding')).toBe(encoding);
    expect(answer.headers.get('vary')).toBe('accept-encoding');
    // Fetch has undone it.
    expect(await answer.text()).toBe(NAMES);
  });
});

it('passes cohorts on', async () => {
  // snapd sends no content type here (protocol page 5.6).
  const body = new Blob([JSON.stringify({ snaps: ['lab-hello'] })]);
  const response = await fetch(`${proxy.url}/v2/cohorts`, { method: 'POST', body });
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(await response.json()).toEqual({ 'cohort-keys': { 'lab-hello': 'KEY' } });
});
