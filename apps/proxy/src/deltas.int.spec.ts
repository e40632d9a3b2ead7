import type { IncomingMessage, ServerResponse } from 'node:http';
import { createHash } from 'node:crypto';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DeviceSessions } from '#serving/published';
import { fixtureServer, type FixtureServer } from '#upstream/testing/fixture-server';
import { Device, installed, LAB_HELLO, refresh } from './testing/device.js';
import { ProxySite, type RunningProxy } from './testing/proxy-site.js';

const DELTA = Buffer.from('what turns revision 1 into revision 2');
const DIGEST = createHash('sha3-384').update(DELTA).digest('hex');

let site: ProxySite;
let upstream: FixtureServer;
let proxy: RunningProxy;
/** Of the held revision. */
let held: string;
let questions: { actions: object[]; context: object[] }[];

/** A store that has deltas from revisions 1 and 3 to revision 2, and one from 1 to 9, which is what it would rather give; of each session it says that it is over. */
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url === '/delta') return void response.end(DELTA);
  if (request.url !== '/v2/snaps/refresh') return void response.writeHead(404).end();
  if (request.headers['snap-device-authorization'] !== undefined) return void response.writeHead(401).end();
  questions.push((await json(request)) as (typeof questions)[number]);
  const delta = (source: number, target: number) => ({
    format: 'xdelta3',
    source,
    target,
    url: `${upstream.url}/delta`,
    size: DELTA.length,
    'sha3-384': DIGEST,
  });
  const deltas = [delta(1, 9), delta(1, 2), delta(3, 2)];
  const download = { url: `${upstream.url}/whole`, size: 9, 'sha3-384': held, deltas };
  const snap = { name: 'lab-hello', 'snap-id': LAB_HELLO, revision: 2, download };
  const result = {
    result: 'refresh',
    'instance-key': LAB_HELLO,
    'snap-id': LAB_HELLO,
    name: 'lab-hello',
    snap,
  };
  response.end(JSON.stringify({ results: [result] }));
}

beforeAll(async () => {
  site = await ProxySite.start();
  upstream = await fixtureServer((request, response) => void answer(request, response));
  await site.hold(...(await site.capture('lab-hello', 'stable', 2)));
  proxy = await site.proxy('cache-deltas', upstream.url);
  await proxy.events.until('obeyed 1');
  questions = [];
  held = (await new Device(proxy.url).install('lab-hello')).snap?.download['sha3-384'] ?? '';
});
afterAll(async () => {
  await site.close();
  await upstream[Symbol.asyncDispose]();
});

interface Offered {
  readonly url: string;
  readonly deltas: readonly { readonly url: string; readonly target: number }[];
}

async function offered(
  from: RunningProxy,
  revision: number,
  accepts?: string,
  more: Record<string, string> = {},
): Promise<Offered | undefined> {
  const takes = accepts === undefined ? {} : { 'snap-accept-delta-format': accepts };
  const device = new Device(from.url, 'amd64', { ...takes, ...more });
  const [result] = await device.results([refresh(LAB_HELLO)], [installed(LAB_HELLO, revision)]);
  expect(result?.snap?.revision).toBe(2);
  return result?.snap?.download as Offered | undefined;
}

describe('a delta', () => {
  it('to the held revision is offered, once asked for, at an address of ours', async () => {
    const [first, second] = [await offered(proxy, 1, 'xdelta3'), await offered(proxy, 1, 'xdelta3')];
    expect(first?.deltas).toMatchObject([{ source: 1, target: 2, format: 'xdelta3', 'sha3-384': DIGEST }]);
    expect(second).toEqual(first);
    expect(questions).toHaveLength(1);
    expect(questions[0]?.actions).toEqual([
      { action: 'refresh', 'instance-key': LAB_HELLO, 'snap-id': LAB_HELLO, revision: 2 },
    ]);
    const url = first?.deltas[0]?.url ?? '';
    expect(url.startsWith(`${proxy.url}/download/`)).toBe(true);
    expect(Buffer.from(await (await fetch(url)).arrayBuffer())).toEqual(DELTA);
  });

  it('is not asked for by a device that takes none, has what is held, or installs', async () => {
    const before = questions.length;
    expect((await offered(proxy, 1))?.deltas).toEqual([]);
    expect((await offered(proxy, 2, 'xdelta3'))?.deltas).toEqual([]);
    const device = new Device(proxy.url, 'amd64', { 'snap-accept-delta-format': 'xdelta3' });
    expect((await device.install('lab-hello')).snap?.revision).toBe(2);
    expect(questions).toHaveLength(before);
  });

  it('is none for a device whose session is over, and still one for the next', async () => {
    const sessions = new DeviceSessions(Buffer.from('ab'.repeat(32), 'hex'));
    const identity = { brand: 'lab', model: 'box', serial: 'serial-1', upstream: 'over' };
    const session = `Macaroon root="${sessions.seal(identity, Date.now())}"`;
    const over = { 'snap-device-authorization': session };
    expect((await offered(proxy, 3, 'xdelta3', over))?.deltas).toEqual([]);
    expect((await offered(proxy, 3, 'xdelta3'))?.deltas).toMatchObject([{ source: 3, target: 2 }]);
  });

  it('is none where upstream has none: the whole is offered', async () => {
    expect((await offered(proxy, 7, 'xdelta3'))?.deltas).toEqual([]);
  });

  it('is none without upstream: the whole is offered', async () => {
    const alone = await site.proxy('cache-alone', 'http://127.0.0.1:9');
    await alone.events.until('obeyed 1');
    const offer = await offered(alone, 1, 'xdelta3');
    expect(offer?.deltas).toEqual([]);
    expect(offer?.url).toContain('/download/');
  });
});
