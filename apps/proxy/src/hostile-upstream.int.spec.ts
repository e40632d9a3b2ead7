import { createHash } from 'node:crypto';
import type { RequestListener, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '#kernel';
import { fixtureServer, type FixtureServer } from '#upstream/testing/fixture-server';
import { Device, LAB_HELLO, LAB_TOOL } from './testing/device.js';
import { ProxySite, type RunningProxy } from './testing/proxy-site.js';

const HTML = '<html>sign in to the network</html>';
const PICTURE = Buffer.from('89504e470d0a1a0a', 'hex');
const DECLARATION = `snap-declaration/16/${LAB_TOOL}?max-format=5`;

let site: ProxySite;
let upstream: FixtureServer;
let cdn: FixtureServer;
let proxy: RunningProxy;
let device: Device;
/** How upstream answers all but a refresh. */
let says: RequestListener;
let cdnSays: RequestListener;
/** Where the next snap that it offers, and its icon, are said to be. */
let offers: { artefact: string; icon: string };
/** The bytes of the snap that it offered last. */
let artefact = Buffer.alloc(0);
let offered = 0;

/** In answer to a refresh: another artefact each time, so that the proxy has none of them yet. */
function refreshAnswer(): JsonObject {
  artefact = Buffer.alloc(300_000, `snap ${++offered} `);
  const digest = createHash('sha3-384').update(artefact).digest('hex');
  const snap = {
    revision: offered,
    'snap-id': LAB_TOOL,
    name: 'lab-tool',
    media: [{ type: 'icon', url: offers.icon }],
    download: { url: offers.artefact, size: artefact.length, 'sha3-384': digest },
  };
  const named = { name: 'lab-tool', 'snap-id': LAB_TOOL, 'effective-channel': 'stable' };
  const streams = { 'assertion-stream-urls': [`${upstream.url}/stream`] };
  return {
    results: [
      { result: 'install', 'instance-key': 'install-1', ...named, snap },
      { result: 'fetch-assertions', key: 'group-1', ...streams },
    ],
  };
}

beforeAll(async () => {
  site = await ProxySite.start();
  cdn = await fixtureServer((request, response) => cdnSays(request, response));
  upstream = await fixtureServer((request, response) => {
    if (request.url === '/v2/snaps/refresh') response.end(JSON.stringify(refreshAnswer()));
    else says(request, response);
  });
  await site.hold();
  proxy = await site.proxy('cache', upstream.url, { upstreamOrigins: cdn.url });
  await proxy.events.until('obeyed 1');
  device = new Device(proxy.url);
});
afterAll(async () => {
  await site.close();
  await upstream[Symbol.asyncDispose]();
  await cdn[Symbol.asyncDispose]();
});
beforeEach(() => {
  says = (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(HTML);
  offers = { artefact: `${upstream.url}/artefact`, icon: `${upstream.url}/icon-${offered}` };
  proxy.events.whys.length = 0;
});

async function unavailable(answer: Response): Promise<void> {
  expect(answer.status).toBe(503);
  expect(answer.headers.get('content-type')).toBe('application/json');
  const told = await answer.text();
  expect(JSON.parse(told)).toMatchObject({ 'error-list': [{ code: 'upstream-unavailable' }] });
  expect(told).not.toContain('<html>');
}

/** What a device installs, with the addresses that it is given for it. */
async function offer(): Promise<{ artefact: string; icon: string }> {
  const { snap } = await device.install('lab-tool');
  const { download, media } = snap as unknown as { download: { url: string }; media: { url: string }[] };
  return { artefact: download.url, icon: media[0]?.url ?? '' };
}

async function stillServes(): Promise<void> {
  says = (_, response) => response.end('{"results":[]}');
  expect((await fetch(`${proxy.url}/v2/snaps/find?q=${++offered}&architecture=amd64`)).status).toBe(200);
  expect(proxy.events.seen.filter((event) => event.startsWith('unexpected'))).toEqual([]);
}

/** Bytes for as long as somebody takes them; resolves when nobody does any more. */
async function pourWithoutEnd(response: ServerResponse): Promise<void> {
  const piece = Buffer.alloc(256 * 1024, ' ');
  const endless = Readable.from(
    (function* () {
      for (;;) yield piece;
    })(),
  );
  await pipeline(endless, response).catch(() => undefined);
}

describe('HTML with status 200', () => {
  it.each([
    `/v2/assertions/${DECLARATION}`,
    '/v2/assertions/a-newer-type/key?max-format=0',
    '/v2/snaps/info/lab-tool?architecture=amd64',
    '/v2/snaps/find?q=tool&architecture=amd64',
    '/api/v1/snaps/names',
    '/api/v1/snaps/sections',
    '/v2/snaps/categories',
  ])('is no answer to %s', async (path) => {
    await unavailable(await fetch(proxy.url + path));
    expect(upstream.requests.at(-1)?.url?.split('?')[0]).toBe(path.split('?')[0]);
    await stillServes();
  });

  it('is no cohort', async () => {
    await unavailable(await fetch(`${proxy.url}/v2/cohorts`, { method: 'POST', body: '{"snaps":[]}' }));
    expect(upstream.requests.at(-1)?.url).toBe('/v2/cohorts');
  });

  it('is no nonce: the device gets one of ours', async () => {
    const answer = await fetch(`${proxy.url}/api/v1/snaps/auth/nonces`, { method: 'POST' });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ nonce: expect.any(String) as string });
  });

  it('is no stream of assertions', async () => {
    const assertions = [{ type: 'snap-declaration', 'primary-key': ['16', LAB_TOOL] }];
    const asked = await device.post({
      context: [],
      actions: [{ action: 'fetch-assertions', key: 'group-1', assertions }],
    });
    const { results } = (await asked.json()) as { results: { 'assertion-stream-urls': string[] }[] };
    await unavailable(await fetch(results[0]?.['assertion-stream-urls'][0] ?? ''));
    expect(upstream.requests.at(-1)?.url).toBe('/stream');
  });
});

it("another snap's assertion is no answer, and not remembered as one", async () => {
  const path = `/v2/assertions/snap-declaration/16/${LAB_HELLO}?max-format=5`;
  const another = await (await fetch(site.store.url + path)).text();
  expect(another).toContain(`snap-id: ${LAB_HELLO}`);
  says = (_, response) =>
    response.writeHead(200, { 'content-type': 'application/x.ubuntu.assertion' }).end(another);
  await unavailable(await device.assertion(DECLARATION));
  says = (_, response) => response.writeHead(502).end();
  await unavailable(await device.assertion(DECLARATION));
});

it('names that do not begin as snapd wants them are not passed on, nor remembered', async () => {
  const names = async (): Promise<Response> =>
    await fetch(`${proxy.url}/api/v1/snaps/names?confinement=strict`);
  const packages = '{"_embedded":{"clickindex:package":[{"package_name":"lab-tool"}]}';
  says = (_, response) => response.end(`{"_links":{},${packages.slice(1)}}`);
  await unavailable(await names());
  says = (_, response) => response.writeHead(502).end();
  await unavailable(await names());
  says = (_, response) => response.end(`${packages},"_links":{}}`);
  const good = await names();
  expect([good.status, good.headers.get('content-type')]).toEqual([200, 'application/hal+json']);
  expect(good.headers.get('snap-store-version')).toBe('55');
  expect(await good.text()).toMatch(/^\{"_embedded":\{"clickindex:package":\[\{/);
  says = (_, response) => response.end(`{"_links":{},${packages.slice(1)}}`);
  expect(await (await names()).text()).toBe(`${packages},"_links":{}}`);
});

describe('a body without end', () => {
  it.each(['/v2/snaps/info/lab-tool?architecture=amd64', `/v2/assertions/${DECLARATION}`])(
    'is cut off, with an error for the device: %s',
    async (path) => {
      const poured = new Promise<void>((resolve) => {
        says = (_, response) => void pourWithoutEnd(response).then(resolve);
      });
      await unavailable(await fetch(proxy.url + path));
      await poured;
      expect(proxy.events.whys.join()).toContain('answered with more than 16777216 bytes');
      await stillServes();
    },
  );
});

describe('a picture', () => {
  it('over its limit is none, and its address is good for one that is not', async () => {
    const { icon } = await offer();
    const png = { 'content-type': 'image/png' };
    const poured = new Promise<void>((resolve) => {
      says = (_, response) => void pourWithoutEnd(response.writeHead(200, png)).then(resolve);
    });
    expect((await fetch(icon)).status).toBe(404);
    await poured;
    expect(proxy.events.whys.join()).toContain('answered with more than 4194304 bytes');
    says = (_, response) => response.writeHead(200, png).end(PICTURE);
    expect(Buffer.from(await (await fetch(icon)).arrayBuffer())).toEqual(PICTURE);
  });
});

describe.each([
  'https://127.0.0.1:1/inside',
  'https://[::1]:1/inside',
  'https://[::ffff:127.0.0.1]:1/inside',
  'https://localhost:1/inside',
  'https://169.254.169.254/inside',
])('an address inside this network: %s', (inside) => {
  const refused = / which isn't a public address$/;

  async function refusesArtefact(address: string): Promise<void> {
    const answer = await device.download(address);
    expect(await answer.clone().text()).not.toMatch(/inside|127\.0\.0\.1|localhost|169\.254/);
    await unavailable(answer);
  }

  it('is not downloaded from', async () => {
    offers.artefact = inside;
    await refusesArtefact((await offer()).artefact);
    expect(proxy.events.whys.at(-1)).toMatch(refused);
  });

  it('is not downloaded from when upstream redirects there', async () => {
    const { artefact: address } = await offer();
    says = (_, response) => response.writeHead(302, { location: inside }).end();
    await refusesArtefact(address);
    expect(proxy.events.whys.at(-1)).toMatch(refused);
  });

  it('is no place of pictures, named or redirected to', async () => {
    const { icon: redirecting } = await offer();
    says = (_, response) => response.writeHead(302, { location: inside }).end();
    offers.icon = inside;
    const { icon: named } = await offer();
    for (const icon of [redirecting, named]) {
      expect((await fetch(icon)).status).toBe(404);
      expect(proxy.events.whys.at(-1)).toMatch(refused);
    }
  });
});

describe('a download that upstream redirects to another host', () => {
  /** The name and number by which the other host could be known. */
  const cdnHost = (): string => new URL(cdn.url).host;
  let seenBefore = 0;

  beforeEach(() => {
    seenBefore = cdn.requests.length;
    says = (_, response) => response.writeHead(302, { location: `${cdn.url}/blob?token=secret` }).end();
    cdnSays = (request, response) => {
      const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
      const { length } = artefact;
      const rest = artefact.subarray(from);
      if (from === 0) response.writeHead(200, { 'content-length': length });
      else
        response.writeHead(206, {
          'content-range': `bytes ${from}-${length - 1}/${length}`,
          'content-length': rest.length,
        });
      // The first time it breaks off in the middle.
      if (from === 0) response.write(rest.subarray(0, 200_000), () => response.destroy());
      else response.end(rest);
    };
  });

  function told(answer: Response): string {
    return JSON.stringify([answer.status, answer.url, [...answer.headers]]);
  }

  it('goes on where it broke, and the device sees no other host', async () => {
    const { artefact: address } = await offer();
    const answer = await device.download(address);
    expect([answer.status, answer.redirected, answer.headers.get('location')]).toEqual([200, false, null]);
    expect(Buffer.from(await answer.arrayBuffer()).equals(artefact)).toBe(true);
    expect(cdn.requests.slice(seenBefore).map(({ headers }) => headers.range)).toEqual([
      undefined,
      expect.stringMatching(/^bytes=[1-9]\d*-$/),
    ]);
    const rest = await device.download(address, { range: 'bytes=250000-' });
    expect([rest.status, rest.headers.get('location')]).toEqual([206, null]);
    expect(Buffer.from(await rest.arrayBuffer()).equals(artefact.subarray(250_000))).toBe(true);
    expect(told(answer) + told(rest)).not.toContain(cdnHost());
    expect(proxy.events.whys).toEqual([]);
  });

  it('that fails there says so to the device without its name', async () => {
    const { artefact: address } = await offer();
    cdnSays = (_, response) => response.destroy();
    const answer = await device.download(address);
    const body = await answer.clone().text();
    await unavailable(answer);
    expect(told(answer) + body).not.toContain(cdnHost());
    expect(answer.headers.get('location')).toBeNull();
    // Whoever runs the site has to know which host did not answer; what proves that one may fetch stays out of it.
    expect(proxy.events.whys.join()).toContain(cdnHost());
    expect(proxy.events.whys.join()).not.toContain('secret');
  });
});
