import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Registry } from 'prom-client';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { Readiness } from '../health/readiness.js';
import { restAdapter } from '../http/fastify.js';
import { createLogger } from '../logging/logger.js';
import { certificateMetrics } from './certificate-metrics.js';
import { ServedCertificate } from './served-certificate.js';
import { PublicPort, type PublicPortSettings } from './public-port.js';
import { askOn, certificateOf, openTls } from './testing/certificate-of.js';
import { TestAuthority, type Issued } from './testing/test-authority.js';

@Controller()
class Routes {
  @Get('here')
  here(): string {
    return 'here';
  }
}

@Module({ controllers: [Routes] })
class Root {}

const HOST = 'store.site.example';
const root = TestAuthority.root();
const middle = root.authority('Middle');
const [one, two] = [middle.server([HOST]), middle.server([HOST])];
const textOf = ({ pem, keyPem }: Issued) => pem + middle.pem + keyPem;

let folder: string;
let file: string;
const stops: (() => Promise<void>)[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-tls-'));
  file = join(folder, 'certificate.pem');
});
afterEach(async () => {
  for (let stop = stops.pop(); stop; stop = stops.pop()) await stop();
});
afterAll(() => rm(folder, { recursive: true }));

/** As import-certificate does it. */
async function put(text: string): Promise<void> {
  await writeFile(`${file}.new`, text, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

interface Running {
  readonly url: string;
  readonly plain: string;
  readonly log: readonly string[];
  readonly readiness: Readiness;
  readonly metrics: Registry;
}

async function start(settings: Partial<PublicPortSettings> = {}): Promise<Running> {
  const log: string[] = [];
  const logger = createLogger('test', 'info', { write: (line) => void log.push(line) });
  const [readiness, metrics] = [new Readiness('test'), new Registry()];
  const port = await PublicPort.open(
    { host: '127.0.0.1', port: 0, redirectPort: 0, publicUrl: undefined, certificateFile: file, ...settings },
    {
      logger,
      readiness,
      metrics: certificateMetrics(metrics),
      urlVariable: 'HOLDFAST_TEST_URL',
      refusal: (sentence) => ({ headers: { 'content-type': 'text/plain' }, body: sentence }),
      lookEveryMs: 10,
    },
  );
  const adapter = restAdapter(logger, () => undefined, port.serverFactory);
  const app = await NestFactory.create<NestFastifyApplication>(Root, adapter, {
    bodyParser: false,
    logger: false,
  });
  const url = await port.listen(app);
  stops.push(() => port.close(app));
  return { url, plain: `http://127.0.0.1:${port.redirectPort}`, log, readiness, metrics };
}

async function conditionOf({ readiness }: Running) {
  return (await readiness.report()).conditions.find(({ name }) => name === 'certificate');
}

describe('a port with a certificate', () => {
  it('speaks HTTPS, shows the chain, and keeps the root to itself', async () => {
    await put(textOf(one));
    const { url } = await start();
    expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    const socket = await openTls(url, { servername: HOST, ca: root.pem, rejectUnauthorized: true });
    expect([socket.authorized, socket.getProtocol()]).toEqual([true, 'TLSv1.3']);
    expect(await askOn(socket, '/here')).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*here$/);
    socket.destroy();
  });

  it('waits for clients as long as one without does', async () => {
    await put(textOf(one));
    const timeouts = { keepAliveTimeout: 1_000, requestTimeout: 2_000, connectionTimeout: 3_000 };
    const server = (await ServedCertificate.open(file))?.serverFactory(() => undefined, timeouts);
    expect([server?.keepAliveTimeout, server?.requestTimeout, server?.timeout]).toEqual([
      1_000, 2_000, 3_000,
    ]);
  });

  it.each(['TLSv1', 'TLSv1.1'] as const)('does not speak %s', async (version) => {
    await put(textOf(one));
    const { url } = await start();
    const old = { minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' };
    await expect(openTls(url, old)).rejects.toMatchObject({ code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' });
    (await openTls(url, { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' })).destroy();
  });

  it('shows another one as soon as it is there; what is open goes on', async () => {
    await put(textOf(one));
    const running = await start();
    const open = await openTls(running.url);
    expect(await askOn(open, '/here')).toMatch(/here$/);
    await put(textOf(two));
    await vi.waitFor(async () =>
      expect((await certificateOf(running.url)).fingerprint256).toBe(two.certificate.fingerprint256),
    );
    expect(open.getPeerCertificate().fingerprint256).toBe(one.certificate.fingerprint256);
    expect(await askOn(open, '/here')).toMatch(/here$/);
    open.destroy();
    expect(await running.metrics.metrics()).toContain('holdfast_certificate_reload_failures_total 0');
    expect(await conditionOf(running)).toMatchObject({ met: true, needed: false });
  });

  it.each([
    ['garbage', 'garbage', 'no certificate was given'],
    ["another one's key", one.pem + two.keyPem, 'the private key is of none of the certificates'],
    ['half of it', textOf(two).slice(0, -60), 'does not end'],
  ])('goes on with the old one when the new is %s, and says so', async (_what, text, why) => {
    await put(textOf(one));
    const running = await start();
    await put(text);
    await vi.waitFor(async () => expect((await conditionOf(running))?.says).toContain(why), 5_000);
    expect((await certificateOf(running.url)).fingerprint256).toBe(one.certificate.fingerprint256);
    expect(await running.metrics.metrics()).toContain('holdfast_certificate_reload_failures_total 1');
    expect(running.log.filter((line) => line.includes('a new certificate cannot be taken'))).toHaveLength(1);
    const body = two.keyPem.split('\n')[1] ?? '';
    expect(running.log.join('')).not.toContain(body);
    await put(textOf(two));
    await vi.waitFor(async () =>
      expect((await certificateOf(running.url)).fingerprint256).toBe(two.certificate.fingerprint256),
    );
  });

  it('shows the rest of the chain as soon as it is there', async () => {
    await put(one.pem + one.keyPem);
    const { url } = await start();
    const shown = async (): Promise<boolean> => {
      const socket = await openTls(url, { servername: HOST, ca: root.pem });
      socket.destroy();
      return socket.authorized;
    };
    expect(await shown()).toBe(false);
    await put(textOf(one));
    await vi.waitFor(async () => expect(await shown()).toBe(true), 5_000);
  });

  it('says no more that its file cannot be read when it can again', async () => {
    await put(textOf(one));
    const running = await start();
    await symlink(folder, `${file}.new`);
    await rename(`${file}.new`, file);
    await vi.waitFor(async () => expect((await conditionOf(running))?.says).toContain('EISDIR'), 5_000);
    await put(textOf(one));
    await vi.waitFor(async () => expect(await conditionOf(running)).toMatchObject({ met: true }), 5_000);
  });

  it('goes on when it is removed, and says that this ends with the process', async () => {
    await put(textOf(one));
    const running = await start();
    await rm(file);
    await vi.waitFor(async () => expect((await conditionOf(running))?.says).toContain('was removed'), 5_000);
    expect((await certificateOf(running.url)).fingerprint256).toBe(one.certificate.fingerprint256);
  });

  it.each([
    [100, true, /^undefined$/],
    [13, false, /^it expires in 12 days, on /],
    [0, false, /^it has expired, on .*: clients refuse it$/],
  ])('tells that it ends in %d days', async (days, met, says) => {
    const notAfter = new Date(Date.now() + days * 86_400_000 - 1_000);
    await put(textOf(middle.server([HOST], { notAfter })).replace(middle.pem, ''));
    const running = await start();
    const condition = await conditionOf(running);
    expect(condition).toMatchObject({ met, needed: false });
    expect(String(condition?.says)).toMatch(says);
    const [, left = ''] =
      /expires_in_seconds\{sha256="[0-9a-f]{64}"\} (\S+)/.exec(await running.metrics.metrics()) ?? [];
    expect(Number(left) / 86_400).toBeCloseTo(days, 1);
  });
});

describe('plain HTTP beside it', () => {
  const ask = async (method: string, url: string, headers: Record<string, string> = {}, body = '') => {
    const asked = request(url, { method, headers }).end(body);
    const [response] = (await once(asked, 'response')) as [
      NodeJS.ReadableStream & { statusCode: number; headers: NodeJS.Dict<string> },
    ];
    let text = '';
    for await (const chunk of response) text += String(chunk);
    return { status: response.statusCode, location: response.headers['location'], text };
  };

  it('sends GET and HEAD on, to where we are reached', async () => {
    await put(textOf(one));
    const { plain } = await start({ publicUrl: `https://${HOST}/` });
    for (const method of ['GET', 'HEAD'])
      expect(await ask(method, `${plain}/v2/info?a=b`)).toEqual({
        status: 301,
        location: `https://${HOST}/v2/info?a=b`,
        text: '',
      });
    expect((await ask('GET', `${plain}//evil.example/`)).location).toBe(`https://${HOST}//evil.example/`);
  });

  it('sends them on to the name that was asked for, when no other is known', async () => {
    await put(textOf(one));
    const { plain, url } = await start();
    const { location = '' } = await ask('GET', `${plain}/here`);
    expect(location).toBe(`${url}/here`);
    const { port } = new URL(url);
    expect((await ask('GET', `${plain}/here`, { host: 'a.example:80' })).location).toBe(
      `https://a.example:${port}/here`,
    );
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('answers %s with the address to use', async (method) => {
    await put(textOf(one));
    const { plain } = await start({ publicUrl: `https://${HOST}` });
    const body = method === 'POST' ? 'x'.repeat(1_000_000) : '';
    expect(await ask(method, `${plain}/v2/snaps/refresh`, {}, body)).toMatchObject({
      status: 400,
      text: `plain HTTP is not served: use https://${HOST}`,
    });
  });

  it.each(['a b', 'a/b', '@evil.example', 'a.example:99999999'])(
    'sends nobody to the host "%s"',
    async (host) => {
      await put(textOf(one));
      const { plain } = await start();
      expect(await ask('GET', `${plain}/here`, { host })).toMatchObject({ status: 400, location: undefined });
    },
  );
});

describe('a port without a certificate', () => {
  it('speaks HTTP, and nothing else listens', async () => {
    await rm(file, { force: true });
    const running = await start();
    expect(running.url).toMatch(/^http:/);
    expect(running.plain).toBe('http://127.0.0.1:undefined');
    expect(await (await fetch(`${running.url}/here`)).text()).toBe('here');
    expect(await running.metrics.metrics()).not.toMatch(/^holdfast_certificate_expires/m);
    expect(await conditionOf(running)).toMatchObject({ met: true });
  });

  it('says that one has come', async () => {
    await rm(file, { force: true });
    const running = await start();
    await put(textOf(one));
    expect(await conditionOf(running)).toMatchObject({
      met: false,
      needed: false,
      says: `${file} came after the start: HTTPS is served from the next start on`,
    });
  });
});

describe('a start is refused', () => {
  const short = generateKeyPairSync('ec', { namedCurve: 'prime192v1' }).privateKey;

  it.each([
    ['garbage', 'garbage', 'no certificate was given'],
    [
      "another one's key",
      one.pem + two.keyPem,
      'the private key is of none of the certificates: CN=store.site.example',
    ],
    ['a key that is too short', textOf(middle.server([HOST], {}, short)), 'OpenSSL does not take it: '],
  ])('with %s', async (_what, text, why) => {
    await put(text);
    await expect(start()).rejects.toMatchObject({ code: 'wrong-configuration' });
    await expect(start()).rejects.toThrow(`HOLDFAST_CERTIFICATE_FILE is "${file}": ${why}`);
  });

  it('with an address that says http', async () => {
    await put(textOf(one));
    await expect(start({ publicUrl: 'http://store.site.example' })).rejects.toThrow(
      /^HOLDFAST_TEST_URL is "http:.*must begin with https/,
    );
  });
});
