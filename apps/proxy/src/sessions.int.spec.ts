import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fixtureServer, type FixtureServer } from '#upstream/testing/fixture-server';
import { sessionRequest, type Told } from './testing/device-with-serial.js';
import { Device } from './testing/device.js';
import { ProxySite, type RunningProxy } from './testing/proxy-site.js';

const UPSTREAM_SESSION = 'upstream-secret-session';

let site: ProxySite;
let upstream: FixtureServer;
let service: FixtureServer;
let proxy: RunningProxy;
/** How upstream is today. */
let mood: 'well' | 'broken' | 'over';

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  await buffer(request);
  const json = (status: number, value: unknown, headers = {}): void => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(value));
  };
  if (mood === 'broken') return json(500, {});
  switch (String(request.url)) {
    case '/api/v1/snaps/auth/nonces':
      return json(200, { nonce: 'upstream-nonce' });
    case '/api/v1/snaps/auth/sessions':
      return json(200, { macaroon: UPSTREAM_SESSION });
    case '/v2/snaps/refresh':
    case '/v2/snaps/info/lab-hello':
      if (mood === 'over') return json(401, {}, { 'www-authenticate': 'Macaroon refresh_device_session=1' });
      return json(200, { results: [] });
    default:
      return json(404, {});
  }
}

beforeAll(async () => {
  site = await ProxySite.start();
  upstream = await fixtureServer((request, response) => void answer(request, response));
  service = await fixtureServer((_, response) => void response.end('{"request-id":"REQ-1"}'));
  await site.hold(...(await site.capture('lab-hello', 'stable', 2)));
  proxy = await site.proxy('cache-sessions', upstream.url, { deviceServices: `${service.url}/vault` });
  await proxy.events.until('obeyed 1');
});
afterAll(async () => {
  await site.close();
  await upstream[Symbol.asyncDispose]();
  await service[Symbol.asyncDispose]();
});
beforeEach(() => {
  mood = 'well';
});

async function post(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return await fetch(`${proxy.url}${path}`, {
    method: 'POST',
    headers: { accept: 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

async function nonce(): Promise<string> {
  const response = await post('/api/v1/snaps/auth/nonces');
  expect(response.status).toBe(200);
  return ((await response.json()) as { nonce: string }).nonce;
}

async function session(told: Told = {}): Promise<string> {
  const response = await post('/api/v1/snaps/auth/sessions', sessionRequest(await nonce(), told));
  expect([response.status, response.headers.get('snap-store-version')]).toEqual([200, '55']);
  return `Macaroon root="${((await response.json()) as { macaroon: string }).macaroon}"`;
}

/** Asks for what is held, and for what is not. */
async function refresh(authorization: string): Promise<Response> {
  const install = (name: string) => ({ action: 'install', 'instance-key': name, name, epoch: null });
  return await new Device(proxy.url).post(
    { context: [], actions: [install('lab-hello'), install('lab-tool')], fields: ['revision'] },
    { 'snap-device-authorization': authorization },
  );
}

function upstreamSaw(path: string): string | string[] | undefined {
  const asked = upstream.requests.findLast(({ url }) => url === path);
  return asked?.headers['snap-device-authorization'] ?? asked?.headers['x-device-authorization'];
}

describe('a session', () => {
  it('is ours to the device, and upstream to upstream', async () => {
    const ours = await session();
    expect(ours).not.toContain(UPSTREAM_SESSION);
    expect((await refresh(ours)).status).toBe(200);
    expect(upstreamSaw('/v2/snaps/refresh')).toBe(`Macaroon root="${UPSTREAM_SESSION}"`);
    await fetch(`${proxy.url}/v2/assertions/account/me`, { headers: { 'x-device-authorization': ours } });
    expect(upstreamSaw('/v2/assertions/account/me')).toBe(`Macaroon root="${UPSTREAM_SESSION}"`);
  });

  it('that upstream ends is opened again by the device, which shows the old one', async () => {
    const ours = await session();
    mood = 'over';
    const answered = await refresh(ours);
    expect(answered.status).toBe(401);
    expect(answered.headers.get('www-authenticate')).toContain('refresh_device_session=1');
    mood = 'well';
    const headers = { 'x-device-authorization': ours };
    await post('/api/v1/snaps/auth/sessions', sessionRequest(await nonce()), headers);
    expect(upstreamSaw('/api/v1/snaps/auth/sessions')).toBe(`Macaroon root="${UPSTREAM_SESSION}"`);
  });

  it('that upstream ends is opened again also for the sake of what is not held of a snap', async () => {
    const headers = { 'snap-device-authorization': await session(), 'snap-device-architecture': 'amd64' };
    mood = 'over';
    const answered = await fetch(`${proxy.url}/v2/snaps/info/lab-hello`, { headers });
    expect(answered.status).toBe(401);
    expect(answered.headers.get('www-authenticate')).toContain('refresh_device_session=1');
  });

  it.each([
    'Macaroon root="AgEQYXBpLnNuYXBjcmFmdC5pbw"',
    'Macaroon root="s.AAAA"',
    'Macaroon root="s.not base64"',
    'Bearer x',
    `Macaroon root="${'s.'.padEnd(9000, 'A')}"`,
  ])('that is not ours is to be opened anew, and goes nowhere: %s', async (authorization) => {
    const answered = await refresh(authorization);
    expect(answered.status).toBe(401);
    expect(answered.headers.get('www-authenticate')).toBe('Macaroon refresh_device_session=1');
    expect(await answered.json()).toMatchObject({ 'error-list': [{ code: 'session-unknown' }] });
    const headers = { 'x-device-authorization': authorization };
    expect((await post('/api/v1/snaps/auth/sessions', sessionRequest(await nonce()), headers)).status).toBe(
      200,
    );
    expect(upstreamSaw('/api/v1/snaps/auth/sessions')).toBeUndefined();
  });

  it('that is not ours gets not even what is held: a device is who its session proves', async () => {
    const install = { action: 'install', 'instance-key': 'a', name: 'lab-hello', epoch: null };
    const headers = { 'snap-device-authorization': 'Macaroon root="x"' };
    const answered = await new Device(proxy.url).post({ context: [], actions: [install] }, headers);
    expect(answered.status).toBe(401);
  });

  it.each<[string, Told]>([
    ['another device than the serial', { serial: 'lab-2' }],
    ['another model', { model: 'lab-core' }],
    ['somebody who has the serial and not its key', { by: 'brand' }],
  ])('is not opened for %s, and upstream is not asked', async (_, told) => {
    const fresh = await nonce();
    const before = upstream.requests.length;
    const answered = await post('/api/v1/snaps/auth/sessions', sessionRequest(fresh, told));
    expect(answered.status).toBe(400);
    expect(upstream.requests).toHaveLength(before);
  });

  it.each([undefined, [], {}, { 'serial-assertion': 7 }, { 'serial-assertion': 'type: serial\n\nx' }])(
    'is not opened by %j',
    async (body) => {
      expect((await post('/api/v1/snaps/auth/sessions', body)).status).toBe(400);
    },
  );
});

describe('while upstream is gone', () => {
  it('a device gets a session, and with it what is held', async () => {
    mood = 'broken';
    const ours = await session();
    const answered = await refresh(ours);
    expect(answered.status).toBe(200);
    expect(await answered.json()).toMatchObject({
      results: [
        { result: 'install', name: 'lab-hello', snap: { revision: 2 } },
        { result: 'error', name: 'lab-tool' },
      ],
    });
    mood = 'well';
    expect((await refresh(ours)).status).toBe(200);
    expect(upstreamSaw('/v2/snaps/refresh')).toBeUndefined();
  });

  it('a nonce of upstream opens none: the device asks for another', async () => {
    const fresh = await nonce();
    mood = 'broken';
    const answered = await post('/api/v1/snaps/auth/sessions', sessionRequest(fresh));
    expect(answered.status).toBe(503);
  });
});

describe('a registration', () => {
  const path = '/api/v1/snaps/auth/request-id';

  it('goes to a service that is listed', async () => {
    const headers = { 'x-snap-device-service-url': `${service.url}/vault/v2/`, 'snap-device-store': 'brand' };
    const answered = await post(path, undefined, headers);
    expect(await answered.json()).toEqual({ 'request-id': 'REQ-1' });
    expect(service.requests.at(-1)?.url).toBe('/vault/v2/request-id');
    const body = new Blob(['type: serial-request\n\nx']);
    const devices = `${proxy.url}/api/v1/snaps/auth/devices`;
    await fetch(devices, {
      method: 'POST',
      headers: { 'x-snap-device-service-url': `${service.url}/vault` },
      body,
    });
    expect(service.requests.at(-1)?.url).toBe('/vault/serial');
  });

  it.each([
    'http://169.254.169.254/latest',
    'https://serials.example',
    'nonsense',
    ...['/', '/vaulted', '/vault/../admin', '/vault?x=1', '/vault%2f..%2fadmin/../..'].map(
      (rest) => `SERVICE${rest}`,
    ),
  ])('goes to no other: %s', async (named) => {
    const before = service.requests.length;
    const headers = { 'x-snap-device-service-url': named.replace('SERVICE', service.url) };
    const answered = await post(path, undefined, headers);
    expect(answered.status).toBe(403);
    expect(await answered.json()).toMatchObject({ 'error-list': [{ code: 'device-service-refused' }] });
    expect(service.requests).toHaveLength(before);
  });
});
