import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { encodePublicKey, parseAssertion, scalarOf, signAssertion } from '#snap';
import { StoreUnderTest, type Answer } from '../testing/store-under-test.js';

const AUTH = '/api/v1/snaps/auth';
const IDENTITY = { 'brand-id': 'labdevlabdevlabdevlabdevlabdev00', model: 'lab-classic' };
const device = generateKeyPairSync('rsa', { modulusLength: 2048 });
const other = generateKeyPairSync('rsa', { modulusLength: 2048 });

let store: StoreUnderTest;
beforeAll(async () => {
  store = await StoreUnderTest.start();
});
afterAll(() => store.stop());

async function ticket(endpoint: 'request-id' | 'nonce'): Promise<string> {
  const path = endpoint === 'nonce' ? 'nonces' : endpoint;
  return String(((await store.post(`${AUTH}/${path}`, {})).json as Record<string, unknown>)[endpoint]);
}

function signed(type: string, headers: Record<string, string>, key = device.privateKey): string {
  return Buffer.from(signAssertion({ type, headers: { ...IDENTITY, ...headers } }, key)).toString();
}

async function register(requestId: string, brand = IDENTITY['brand-id']): Promise<Answer> {
  const told = {
    'brand-id': brand,
    'request-id': requestId,
    'device-key': encodePublicKey(device.publicKey),
  };
  return store.get(`${AUTH}/devices`, {
    method: 'POST',
    body: signed('serial-request', told),
    headers: { 'content-type': 'application/x.ubuntu.assertion' },
  });
}

async function open(serial: string, nonce: string, key = device.privateKey): Promise<Answer> {
  const told = { serial: 'sandbox-1', nonce, timestamp: '2026-01-02T03:04:05Z' };
  return store.post(`${AUTH}/sessions`, {
    'device-session-request': signed('device-session-request', told, key),
    'serial-assertion': serial,
  });
}

it('gives a device its serial once for each request-id, and opens sessions until they are ended', async () => {
  const requestId = await ticket('request-id');
  const registered = await register(requestId);
  expect([registered.status, registered.headers.get('content-type')]).toEqual([
    200,
    'application/x.ubuntu.assertion',
  ]);
  expect(scalarOf(parseAssertion(registered.bytes).headers, 'serial')).toBe('sandbox-1');
  expect((await register(requestId)).status).toBe(400);

  const opened = await open(registered.bytes.toString(), await ticket('nonce'));
  const { macaroon } = opened.json as { macaroon: string };
  const headers = { 'snap-device-authorization': `Macaroon root="${macaroon}"` };
  expect((await store.get('/v2/snaps/find', { headers })).status).toBe(200);
  store.store.endSessions();
  const over = await store.get('/v2/snaps/find', { headers });
  expect([over.status, over.headers.get('www-authenticate')]).toEqual([
    401,
    'Macaroon refresh_device_session=1',
  ]);
  expect((await store.get('/v2/snaps/find')).status).toBe(200);
});

it('refuses another brand, a request that the device did not sign, and what is no assertion', async () => {
  expect((await register(await ticket('request-id'), 'generic')).status).toBe(400);
  const { bytes } = await register(await ticket('request-id'));
  expect((await open(bytes.toString(), await ticket('nonce'), other.privateKey)).status).toBe(400);
  expect((await open('type: serial', await ticket('nonce'))).status).toBe(400);
  expect((await store.post(`${AUTH}/sessions`, {})).status).toBe(400);
});
