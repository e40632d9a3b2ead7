import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fixtureServer, type FixtureServer } from '#upstream/testing/fixture-server';
import { sessionRequest } from './testing/device-with-serial.js';
import { Device, installed, LAB_TOOL, refresh } from './testing/device.js';
import { ProxySite, type RunningProxy } from './testing/proxy-site.js';

const CATALOGUE = [
  '/api/v1/snaps/names?confinement=strict',
  '/api/v1/snaps/sections',
  '/v2/snaps/categories',
];
const BRANDED = { 'snap-device-store': 'a-brand' };
const GONE = { result: 'error', error: { code: 'upstream-unavailable' } };

let site: ProxySite;
let upstream: FixtureServer;
let proxy: RunningProxy;
/** How upstream is today. */
let mood: 'well' | 'html' | 'broken' | 'refuses';

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const asked = await buffer(request);
  const send = (status: number, text: string, type = 'application/json'): void => {
    response.writeHead(status, { 'content-type': type });
    response.end(text);
  };
  if (mood === 'html') return send(200, '<html>sign in to the network</html>', 'text/html');
  if (mood === 'broken') return send(502, '{}');
  if (mood === 'refuses') return send(400, '{"error-list":[{"code":"bad","message":"no"}]}');
  switch (new URL(request.url ?? '', upstream.url).pathname) {
    case '/api/v1/snaps/auth/nonces':
      return send(200, '{"nonce":"n"}');
    case '/api/v1/snaps/auth/sessions':
      return send(200, '{"macaroon":"m"}');
    case '/v2/snaps/refresh':
      return send(200, JSON.stringify({ results: asked.includes('"install"') ? [offer()] : [] }));
    case '/api/v1/snaps/names':
      return send(200, `{"_embedded":{"clickindex:package":[{"package_name":"lab-tool"}]}}`);
    default:
      return send(200, `{"asked":"${request.url}"}`);
  }
}

function offer() {
  const download = { url: `${upstream.url}/x.snap`, size: 5, 'sha3-384': 'ab'.repeat(48) };
  return {
    result: 'install',
    'instance-key': 'install-1',
    name: 'lab-tool',
    'snap-id': LAB_TOOL,
    'effective-channel': 'stable',
    snap: { revision: 3, 'snap-id': LAB_TOOL, name: 'lab-tool', download },
  };
}

beforeAll(async () => {
  site = await ProxySite.start();
  upstream = await fixtureServer((request, response) => void answer(request, response));
  await site.hold();
  proxy = await site.proxy('cache-words', upstream.url);
  await proxy.events.until('obeyed 1');
});
afterAll(async () => {
  await site.close();
  await upstream[Symbol.asyncDispose]();
});
beforeEach(() => {
  mood = 'well';
});

async function session(): Promise<Record<string, string>> {
  const post = async (path: string, body?: unknown): Promise<Record<string, string>> => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(`${proxy.url}/api/v1/snaps/auth/${path}`, { method: 'POST', ...sent });
    return (await response.json()) as Record<string, string>;
  };
  const { nonce = '' } = await post('nonces');
  const { macaroon = '' } = await post('sessions', sessionRequest(nonce));
  return { 'snap-device-authorization': `Macaroon root="${macaroon}"` };
}

describe('the words of the catalogue', () => {
  it.each(['html', 'broken'] as const)('are those of last time when upstream is %s', async (how) => {
    for (const path of CATALOGUE) {
      mood = 'well';
      const before = await fetch(proxy.url + path);
      mood = how;
      const after = await fetch(proxy.url + path);
      expect(after.status).toBe(200);
      expect(after.headers.get('content-type')).toBe(before.headers.get('content-type'));
      expect(await after.text()).toBe(await before.text());
      expect(proxy.events.seen.at(-1)).toBe('stale catalogue');
    }
  });

  it('are not those of last time when upstream says no', async () => {
    mood = 'refuses';
    expect((await fetch(proxy.url + (CATALOGUE[0] ?? ''))).status).toBe(400);
  });
});

describe('a refresh', () => {
  it.each(['html', 'broken'] as const)(
    'has nothing newer, as last time, when upstream is %s',
    async (how) => {
      const ask = (revision: number) =>
        new Device(proxy.url).results([refresh(LAB_TOOL)], [installed(LAB_TOOL, revision)]);
      expect(await ask(3)).toEqual([]);
      mood = how;
      expect(await ask(3)).toEqual([]);
      expect(await ask(4)).toMatchObject([GONE]);
    },
  );

  it('is refused when upstream refuses it, whatever it said last time', async () => {
    const device = new Device(proxy.url);
    expect(await device.install('lab-tool')).toMatchObject({ snap: { revision: 3 } });
    mood = 'refuses';
    expect(await device.install('lab-tool')).toMatchObject(GONE);
    mood = 'broken';
    expect(await device.install('lab-tool')).toMatchObject({ snap: { revision: 3 } });
  });
});

describe("in a brand's store", () => {
  it('what a device was told is told to one that proves to be of the same brand and model, and to no other', async () => {
    const of = (more: Record<string, string>) => new Device(proxy.url, 'amd64', { ...BRANDED, ...more });
    const [one, other] = [await session(), await session()];
    expect(one).not.toEqual(other);
    expect(await of(one).install('lab-tool')).toMatchObject({ snap: { revision: 3 } });
    mood = 'broken';
    expect(await of(other).install('lab-tool')).toMatchObject({ snap: { revision: 3 } });
    expect(await of({}).install('lab-tool')).toMatchObject(GONE);
    // Opened without upstream: it shows a key, and no brand that stands for it.
    expect(await of(await session()).install('lab-tool')).toMatchObject(GONE);
  });
});
