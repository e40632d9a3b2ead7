import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '#kernel';
import { fixtureServer, type FixtureServer } from '#upstream/testing/fixture-server';
import { Device, installed, LAB_HELLO, LAB_TOOL, refresh } from './testing/device.js';
import { ProxySite, type RunningProxy } from './testing/proxy-site.js';

const SNAP = {
  revision: 3,
  'snap-id': LAB_TOOL,
  name: 'lab-tool',
  prices: { EUR: '1.99' },
  download: { url: '/tool', size: 1, 'sha3-384': 'ab'.repeat(48) },
};
const NAMED = { name: 'lab-tool', 'snap-id': LAB_TOOL };

let site: ProxySite;
let upstream: FixtureServer;
let proxy: RunningProxy;
let device: Device;
/** What upstream suggests, once for each. */
let suggested: readonly string[];
let gone: boolean;

const OF_TOOL = { action: 'install', 'instance-key': 'tool', name: 'lab-tool', epoch: null };

function answer(path: string): JsonObject {
  if (path.startsWith('/v2/snaps/find'))
    return { results: [{ ...NAMED, snap: { title: 'Tool' }, revision: { channel: 'stable', revision: 3 } }] };
  if (path.startsWith('/v2/snaps/info')) return { ...NAMED, snap: { title: 'Tool' }, 'channel-map': [] };
  const result = { result: 'install', 'instance-key': 'tool', ...NAMED, 'effective-channel': 'stable' };
  return { results: [{ ...result, snap: SNAP }] };
}

function say(response: ServerResponse, path: string): void {
  if (suggested.length > 0) response.setHeader('X-Suggested-Currency', suggested);
  if (gone) response.writeHead(502).end();
  else response.end(JSON.stringify(answer(path)));
}

beforeAll(async () => {
  site = await ProxySite.start();
  await site.hold(...(await site.capture('lab-hello', 'stable', 2)));
  upstream = await fixtureServer((request, response) => say(response, request.url ?? ''));
  proxy = await site.proxy('cache', upstream.url);
  await proxy.events.until('obeyed 1');
  device = new Device(proxy.url);
});
afterAll(async () => {
  await site.close();
  await upstream[Symbol.asyncDispose]();
});
beforeEach(() => {
  [suggested, gone] = [['EUR'], false];
});

/** Each asks something else with every `n`, so that nothing is remembered of it. */
const ASKED: readonly [string, (n: number) => Promise<Response>][] = [
  ['refresh', (n) => device.post({ context: [], actions: [OF_TOOL], fields: ['name', `field-${n}`] })],
  ['info', (n) => device.info('lab-tool', `architecture=amd64&fields=download,field-${n}`)],
  ['find', (n) => fetch(`${proxy.url}/v2/snaps/find?q=tool-${n}&architecture=amd64`)],
];

async function currencyOf(asked: Promise<Response>): Promise<string | null> {
  const response = await asked;
  expect(response.status).toBe(200);
  expect(JSON.stringify(await response.json())).toContain('lab-tool');
  return response.headers.get('x-suggested-currency');
}

describe.each(ASKED)('the currency that upstream suggests with its answer to %s', (_, ask) => {
  it('goes on to the device', async () => {
    expect(await currencyOf(ask(0))).toBe('EUR');
    suggested = ['GBP\t'];
    expect(await currencyOf(ask(0))).toBe('GBP');
    suggested = [];
    expect(await currencyOf(ask(0))).toBeNull();
  });

  it.each<[string, readonly string[]]>([
    ['several', ['EUR', 'USD']],
    ['words', ['euros, please']],
    ['small letters', ['eur']],
    ['nothing', ['']],
    ['more than a code', ['EURO']],
  ])('does not where it is %s', async (_kind, values) => {
    suggested = values;
    expect(await currencyOf(ask(1))).toBeNull();
  });

  it('is told again with the answer that it came with, while upstream cannot be asked', async () => {
    expect(await currencyOf(ask(2))).toBe('EUR');
    suggested = ['GBP'];
    expect(await currencyOf(ask(2))).toBe('GBP');
    [gone, suggested] = [true, ['USD']];
    expect(await currencyOf(ask(2))).toBe('GBP');
  });
});

describe('no currency is suggested', () => {
  it('with what is held alone: a device keeps the one that it heard last', async () => {
    const asked = device.post({ context: [installed(LAB_HELLO, 1)], actions: [refresh(LAB_HELLO)] });
    const response = await asked;
    expect(await response.json()).toMatchObject({ results: [{ snap: { revision: 2 } }] });
    expect(response.headers.get('x-suggested-currency')).toBeNull();
    gone = true;
    const held = await device.info('lab-hello');
    expect([held.status, held.headers.get('x-suggested-currency')]).toEqual([200, null]);
  });

  it('with what snapd does not read it of', async () => {
    const response = await fetch(`${proxy.url}/v2/snaps/categories`);
    expect([response.status, response.headers.get('x-suggested-currency')]).toEqual([200, null]);
  });
});
