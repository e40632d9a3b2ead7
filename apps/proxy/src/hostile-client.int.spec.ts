import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLIENT_PATIENCE } from '#platform/http/client-patience';
import { createLogger } from '#platform/logging/logger';
import { createProxy } from './proxy.js';
import { Device } from './testing/device.js';
import { holdingHello } from './testing/holding-hello.js';
import { rawRequest } from './testing/raw-request.js';
import type { ProxySite, RunningProxy } from './testing/proxy-site.js';

let site: ProxySite;
let proxy: RunningProxy;

beforeAll(async () => {
  ({ site, proxy } = await holdingHello());
});
afterAll(async () => site.close());

const raw = (...pieces: readonly (string | Buffer)[]) => rawRequest(proxy.url, ...pieces);

const post = (more: string) =>
  `POST /v2/snaps/refresh HTTP/1.1\r\nhost: proxy\r\nsnap-device-architecture: amd64\r\n${more}\r\n`;

async function stillServes(): Promise<void> {
  const { snap } = await new Device(proxy.url).install('lab-hello');
  expect(snap?.revision).toBe(2);
  expect(proxy.events.seen.filter((event) => event.startsWith('unexpected'))).toEqual([]);
}

describe('a hostile client', () => {
  it('that says it will send 100 MB is refused before it does', async () => {
    const answer = await raw(post('connection: close\r\ncontent-length: 104857600\r\n'), Buffer.alloc(64));
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    await stillServes();
  });

  it('that sends without end, and does not say how much, is cut off', async () => {
    const piece = `100000\r\n${'x'.repeat(0x100000)}\r\n`;
    const pieces = Array.from({ length: 6 }, () => piece);
    expect(await raw(post('connection: close\r\ntransfer-encoding: chunked\r\n'), ...pieces)).toMatch(
      /^HTTP\/1\.1 413 /,
    );
    await stillServes();
  });

  it.each([
    ['its headers', 'GET / HTTP/1.1\r\nhost: proxy\r\nx-slow: ', 'a'],
    ['a body', post('content-length: 1000000\r\n'), '{'],
  ])('that sends %s a byte at a time is cut off, while others are served', async (_, begins, piece) => {
    const patience = { ...CLIENT_PATIENCE, headers: 100, request: 200, look: 20 };
    const silent = createLogger('proxy', 'silent');
    const impatient = await createProxy(
      proxy.made.serving,
      proxy.events,
      silent,
      undefined,
      undefined,
      patience,
    );
    await impatient.listen(0, '127.0.0.1');
    try {
      const { hostname, port } = new URL(await impatient.getUrl());
      const socket = connect(Number(port), hostname);
      socket.on('error', () => undefined);
      const answer = text(socket).catch(() => '');
      socket.write(begins);
      const dripping = setInterval(() => socket.write(piece), 10);
      const said = await answer;
      clearInterval(dripping);
      expect(said).toMatch(/^(HTTP\/1\.1 408 [^]*snap-store-version: 55\r\n[^]*"error-list"|$)/);
      await stillServes();
    } finally {
      await impatient.close();
    }
  });

  it('that sends a bomb of headers is refused, or cut off while it still sends', async () => {
    expect(await raw(post(`x-bomb: ${'x'.repeat(70_000)}\r\n`))).toMatch(/^(HTTP\/1\.1 431 |$)/);
    const many = Array.from({ length: 5_000 }, (_, n) => `x-${n}: 1\r\n`).join('');
    expect(await raw(post(many))).toMatch(/^(HTTP\/1\.1 431 |$)/);
    await stillServes();
  });

  it.each(['[', '{"a":'])('that nests JSON deep is refused: %s', async (opening) => {
    for (const body of [opening, `{"context":${opening}`, `{"actions":[],"context":${opening}`]) {
      const response = await new Device(proxy.url).post(body + opening.repeat(500_000));
      expect(response.status).toBe(400);
    }
    await stillServes();
  });

  it.each([
    'GET /v2/assertions/../../etc/passwd HTTP/1.1',
    'GET /v2/assertions/account/%2e%2e%2f%2e%2e%2fetc%2fpasswd HTTP/1.1',
    'GET /v2/snaps/info/..%2f..%2fadmin HTTP/1.1',
    'GET /download/..%2f..%2fsecrets/proxy.key HTTP/1.1',
    'GET /media/%00 HTTP/1.1',
    'GET http://169.254.169.254/latest/meta-data HTTP/1.1',
    'GET //evil.example/ HTTP/1.1',
    'CONNECT evil.example:443 HTTP/1.1',
    'BREW / HTTP/1.1',
    'nonsense',
  ])('that asks for what is not there is refused, and nobody else is asked: %s', async (line) => {
    const answer = await raw(`${line}\r\nhost: proxy\r\nconnection: close\r\n\r\n`);
    expect(answer).toMatch(/^(HTTP\/1\.1 4\d\d |$)/);
    expect(proxy.events.seen.filter((event) => event.startsWith('upstream'))).toEqual([]);
    await stillServes();
  });

  it.each([
    'bytes=0-0,2-2,4-4',
    `bytes=${Array.from({ length: 1_000 }, (_, n) => `${n}-${n}`).join(',')}`,
    'bytes=-',
    'bytes=99999999999999999999-',
    'bytes=5-1',
    'lines=1-2',
  ])('that abuses ranges gets one part, the whole, or 416: %s', async (range) => {
    const device = new Device(proxy.url);
    const { snap } = await device.install('lab-hello');
    const response = await device.download(snap?.download.url ?? '', { range });
    expect([200, 206, 416]).toContain(response.status);
    const { length } = Buffer.from(await response.arrayBuffer());
    expect(length).toBeLessThanOrEqual(snap?.download.size ?? 0);
    expect(response.headers.get('content-type')).not.toContain('multipart');
  });
});
