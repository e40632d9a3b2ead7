import type { IncomingMessage, ServerResponse } from 'node:http';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { issueToken } from '#fleet/enrolment-token';
import { createLogger } from '#platform/logging/logger';
import { fixtureServer, goneServer, type FixtureServer } from '#upstream/testing/fixture-server';
import { closeNode, nodeAgent, nodeEvents, proxyNode } from './proxy-node.js';
import { sessionRequest } from './testing/device-with-serial.js';
import { Device } from './testing/device.js';
import { ProxySite, type RunningProxy } from './testing/proxy-site.js';
import { saidEvents } from './testing/said-events.js';

const MACAROON = 'upstream-macaroon-that-nobody-may-see';
const ADDRESS_TOKEN = 'upstream-token-in-an-address';

const lines: string[] = [];
const logger = createLogger('proxy', 'debug', { write: (line) => void lines.push(line) });
let site: ProxySite;
let upstream: FixtureServer;
let proxy: RunningProxy;
/** What upstream does to whoever asks it. */
let mood: 'well' | 'broken' | 'nonsense' | 'cut' = 'well';

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  await buffer(request);
  const json = (status: number, value: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(value));
  };
  if (mood === 'broken') return json(500, { macaroon: MACAROON });
  if (mood === 'nonsense') return void response.end(`${MACAROON} [`);
  if (mood === 'cut') return void response.destroy();
  const { url = '' } = request;
  if (url.endsWith('/nonces')) return json(200, { nonce: 'upstream-nonce' });
  if (url.endsWith('/sessions')) return json(200, { macaroon: MACAROON });
  if (url === '/v2/snaps/refresh') return json(200, { results: [OFFERED()] });
  json(404, {});
}

const OFFERED = () => ({
  result: 'install',
  'instance-key': 'install-1',
  'snap-id': 'x'.repeat(32),
  name: 'lab-other',
  'effective-channel': 'stable',
  snap: {
    'snap-id': 'x'.repeat(32),
    name: 'lab-other',
    revision: 5,
    download: {
      url: `${upstream.url}/blob.snap?token=${ADDRESS_TOKEN}`,
      size: 5,
      'sha3-384': 'ab'.repeat(48),
    },
  },
});

beforeAll(async () => {
  site = await ProxySite.start();
  upstream = await fixtureServer((request, response) => void answer(request, response));
  await site.hold(...(await site.capture('lab-hello', 'stable', 2)));
  const { events } = saidEvents(logger, new Registry(), site.folder);
  proxy = await site.proxy('cache', upstream.url, {}, { logger, events });
  await proxy.events.until('obeyed 1');
});
afterAll(async () => {
  await site.close();
  await upstream[Symbol.asyncDispose]();
});

async function session(): Promise<string> {
  const post = (path: string, body = '') =>
    fetch(`${proxy.url}/api/v1/snaps/auth/${path}`, { method: 'POST', body });
  const { nonce } = (await (await post('nonces')).json()) as { nonce: string };
  const opened = await post('sessions', JSON.stringify(sessionRequest(nonce)));
  return ((await opened.json()) as { macaroon: string }).macaroon;
}

function expectNone(secrets: Readonly<Record<string, string>>): void {
  const log = lines.join('');
  for (const secret of Object.values(secrets)) expect(secret.length).toBeGreaterThan(15);
  const shown = Object.keys(secrets).filter((what) => log.includes(secrets[what] ?? ''));
  expect(shown).toEqual([]);
}

it('says what failed at every level, and shows no session, no macaroon and no token', async () => {
  const sealed = await session();
  const shown = { 'snap-device-authorization': `Macaroon root="${sealed}"` };
  const device = new Device(proxy.url, 'amd64', shown);
  const { url: relayed = '' } = (await device.install('lab-other')).snap?.download ?? {};
  const { url: held = '' } = (await device.install('lab-hello')).snap?.download ?? {};
  const tokenOf = (url: string) => new URL(url).pathname.split('/')[2] ?? '';
  const stranger = 's.session-that-somebody-made-up';

  for (const each of ['broken', 'nonsense', 'cut', 'well'] as const) {
    mood = each;
    await device.post({ context: [], actions: [{ action: 'install', 'instance-key': 'a', name: 'lab-x' }] });
    await device.post(`{"macaroon":"${sealed}"`);
    await device.post(`"${sealed}${'x'.repeat(5_000_000)}"`).catch(() => undefined);
    await new Device(proxy.url, 'amd64', { 'snap-device-authorization': `Macaroon root="${stranger}"` }).post(
      {},
    );
    await device.info('lab-x');
    await fetch(`${proxy.url}/v2/assertions/account/${sealed}`, { headers: shown });
    for (const url of [relayed, held, `${held}/../${tokenOf(relayed)}`, relayed.slice(0, -20), `${relayed}%`])
      await device
        .download(url, shown)
        .then((got) => got.arrayBuffer())
        .catch(() => undefined);
    await session().catch(() => undefined);
    await fetch(`${proxy.url}/media/${tokenOf(held)}`);
    await fetch(`${proxy.url}/assertion-stream/${tokenOf(held)}?${sealed}`);
  }

  // The causes are there.
  await expect
    .poll(() => lines.filter((line) => line.includes('"msg":"answered"')).length)
    .toBeGreaterThan(40);
  expect(lines.some((line) => line.includes('"level":"warn"') && line.includes('upstream: '))).toBe(true);
  expect(lines.some((line) => line.includes('a download failed'))).toBe(true);
  expectNone({
    'the session of a device': sealed,
    'a session that is none': stranger,
    'the macaroon of upstream': MACAROON,
    'the token in an address of upstream': ADDRESS_TOKEN,
    'the token of a held download': tokenOf(held),
    'the token of a relayed download': tokenOf(relayed),
  });
});

it.each([
  ['cannot be reached', goneServer],
  ['says no', async () => upstream.url],
])('shows no token of a node while control %s', async (why, control) => {
  const { token } = issueToken('dmz-1');
  const nodeDir = join(site.folder, `node that ${why}`);
  await mkdir(nodeDir);
  const nodeTokenFile = join(nodeDir, 'token');
  await writeFile(nodeTokenFile, `${token}\n`);
  const settings = {
    ring: 'default',
    nodeDir: join(nodeDir, 'node'),
    nodeTokenFile,
    controlUrl: await control(),
    runFile: undefined,
    certificateFile: undefined,
  };
  const from = lines.length;
  const node = await proxyNode(settings, logger);
  if (!node) throw new Error('it is no node');
  const agent = nodeAgent(node, settings, nodeEvents(logger), () => '1');
  agent.start();
  try {
    // It is said after a few tries.
    await expect
      .poll(() => lines.slice(from).some((line) => line.includes('control')), { timeout: 60_000 })
      .toBe(true);
  } finally {
    await agent.stop();
    await closeNode(node);
  }
  expectNone({ 'the token of a node': token, 'its secret part': token.split('.')[1] ?? '' });
});
