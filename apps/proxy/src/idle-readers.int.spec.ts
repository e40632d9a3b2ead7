import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CLIENT_PATIENCE } from '#platform/http/client-patience';
import { createLogger } from '#platform/logging/logger';
import { fixtureServer, type FixtureServer } from '#upstream/testing/fixture-server';
import { createProxy } from './proxy.js';
import { Device, LAB_TOOL } from './testing/device.js';
import { ProxySite, type RunningProxy } from './testing/proxy-site.js';

/** More than the kernel takes of a connection whose other end reads nothing. */
const ARTEFACT = Buffer.alloc(32 * 1024 * 1024, 'an artefact ');
const TAKING_MS = 1_500;

let site: ProxySite;
let upstream: FixtureServer;
let proxy: RunningProxy;

beforeAll(async () => {
  const digest = createHash('sha3-384').update(ARTEFACT).digest('hex');
  upstream = await fixtureServer((request, response) => {
    if (request.url !== '/v2/snaps/refresh') return response.end(ARTEFACT);
    const download = { url: `${upstream.url}/artefact`, size: ARTEFACT.length, 'sha3-384': digest };
    const named = { name: 'lab-tool', 'snap-id': LAB_TOOL };
    const result = {
      result: 'install',
      'instance-key': 'install-1',
      'effective-channel': 'stable',
      ...named,
    };
    response.end(JSON.stringify({ results: [{ ...result, snap: { ...named, revision: 3, download } }] }));
  });
  site = await ProxySite.start();
  await site.hold();
  proxy = await site.proxy('cache', upstream.url);
  await proxy.events.until('obeyed 1');
});
afterAll(async () => {
  await site.close();
  await upstream[Symbol.asyncDispose]();
});

/** Asks for an artefact, and takes nothing of it yet. */
async function asked(url: string): Promise<Socket> {
  const { hostname, port, pathname } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(`GET ${pathname} HTTP/1.1\r\nhost: proxy\r\nconnection: close\r\n\r\n`);
  return socket;
}

it('who takes nothing of a download is cut off; who takes a little now and then gets all of it', async () => {
  const patience = { ...CLIENT_PATIENCE, taking: TAKING_MS };
  const silent = createLogger('proxy', 'silent');
  const app = await createProxy(proxy.made.serving, proxy.events, silent, undefined, undefined, patience);
  await app.listen(0, '127.0.0.1');
  try {
    const { snap } = await new Device(await app.getUrl()).install('lab-tool');
    const address = snap?.download.url ?? '';
    const idle = await asked(address);
    const slow = await asked(address);
    let taken = 0;
    const ends = once(slow, 'end');
    slow.on('data', (bytes: Buffer) => {
      taken += bytes.length;
    });
    slow.pause();
    const isCut = (): boolean => proxy.events.delivered.includes('broken-off lab-tool 3 by somebody');
    // A slow line: a little at a time, for as long as the other one holds its connection.
    while (!isCut()) {
      slow.resume();
      await once(slow, 'data');
      slow.pause();
      await pause(50);
    }
    slow.resume();
    await ends;
    expect(taken).toBeGreaterThan(ARTEFACT.length);
    await expect.poll(() => proxy.events.delivered).toContain('completed lab-tool 3 by somebody');
    idle.destroy();
    expect(proxy.events.seen.filter((event) => event.startsWith('unexpected'))).toEqual([]);
  } finally {
    await app.close();
  }
}, 30_000);
