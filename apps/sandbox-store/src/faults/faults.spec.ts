import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { StoreUnderTest } from '../testing/store-under-test.js';

let store: StoreUnderTest;
beforeAll(async () => {
  store = await StoreUnderTest.start();
});
afterEach(() => store.store.fault({ mode: 'none' }));
afterAll(() => store.stop());

const FILE = '/api/v1/snaps/download/labhelloidlabhelloidlabhelloid01_1.snap';
const INFO = '/v2/snaps/info/lab-hello';

describe('faults', () => {
  it('error-500, on one path only; the administration can end it', async () => {
    await store.post('/sandbox/faults', { mode: 'error-500', path: '/v2/snaps/info' });
    expect((await store.get(INFO)).status).toBe(500);
    expect((await store.get('/v2/snaps/find')).status).toBe(200);
    await store.post('/sandbox/faults', { mode: 'error-500' });
    expect((await store.get('/v2/snaps/find')).status).toBe(500);
    await store.post('/sandbox/faults', { mode: 'none' });
    expect((await store.get(INFO)).status).toBe(200);
  });

  it('tamper-blob: the right length, another digest', async () => {
    const good = (await store.get(FILE)).bytes;
    await store.post('/sandbox/faults', { mode: 'tamper-blob' });
    const bad = (await store.get(FILE)).bytes;
    expect(bad.length).toBe(good.length);
    const digests = [good, bad].map((bytes) => createHash('sha3-384').update(bytes).digest('hex'));
    expect(digests[0]).not.toBe(digests[1]);
    await store.post('/sandbox/faults', { mode: 'none' });
    expect((await store.get(FILE)).bytes.equals(good)).toBe(true);
  });

  it('broken-chain: account-keys are not found, or what the path says', async () => {
    const account = '/v2/assertions/account/labdevlabdevlabdevlabdevlabdev00';
    const { bytes } = await store.get(account);
    const key = /^sign-key-sha3-384: (.*)$/m.exec(bytes.toString())?.[1];
    const path = `/v2/assertions/account-key/${key}`;
    const statuses = async () => [(await store.get(path)).status, (await store.get(account)).status];
    expect(await statuses()).toEqual([200, 200]);
    await store.post('/sandbox/faults', { mode: 'broken-chain' });
    expect(await statuses()).toEqual([404, 200]);
    await store.post('/sandbox/faults', { mode: 'broken-chain', path: '/v2/assertions/account/' });
    expect(await statuses()).toEqual([200, 404]);
  });

  it('wrong-size: one byte more than there is', async () => {
    const action = { action: 'download', 'instance-key': 'download-1', name: 'lab-hello', channel: 'stable' };
    const size = async () => (await store.refresh([action]))[0]?.snap?.download.size;
    const right = await size();
    await store.post('/sandbox/faults', { mode: 'wrong-size' });
    expect(await size()).toBe((right ?? 0) + 1);
  });

  it('slow: answers come, late', async () => {
    await store.post('/sandbox/faults', { mode: 'slow' });
    const from = performance.now();
    expect((await store.get(INFO)).status).toBe(200);
    expect(performance.now() - from).toBeGreaterThan(1500);
  });

  it('hang: no answer comes, until the store is closed', async () => {
    await store.post('/sandbox/faults', { mode: 'hang', path: INFO });
    const outcome = fetch(`${store.store.url}${INFO}`).then(
      () => 'answered',
      () => 'broken off',
    );
    expect((await store.get('/v2/snaps/find')).status).toBe(200);
    store = await store.restart();
    expect(await outcome).toBe('broken off');
  });
});
