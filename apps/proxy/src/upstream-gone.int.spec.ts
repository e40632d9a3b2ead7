import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Device, installed, LAB_TOOL, refresh, type SnapAnswer } from './testing/device.js';
import { ProxySite, type RunningProxy } from './testing/proxy-site.js';

const FIND = '/v2/snaps/find?q=lab&architecture=amd64';

let site: ProxySite;
let proxy: RunningProxy;
/** What the first device got, while upstream was there. */
let first: Got;

interface Got {
  readonly snap: SnapAnswer;
  readonly digest: string;
  readonly assertions: readonly string[];
}

beforeAll(async () => {
  site = await ProxySite.start();
  await site.hold();
  proxy = await started();
  first = await install(new Device(proxy.url));
  await (await get(FIND)).text();
});
afterEach(async () => {
  site.store.fault({ mode: 'none' });
  await site.upstream.shut();
  await site.upstream.reopen();
});
afterAll(() => site.close());

async function started(): Promise<RunningProxy> {
  const running = await site.proxy();
  await running.events.until(`obeyed ${site.position}`);
  return running;
}

async function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return await fetch(`${proxy.url}${path}`, { headers: { 'snap-device-architecture': 'amd64', ...headers } });
}

/** All that an install takes. */
async function install(device: Device): Promise<Got> {
  const snap = await device.install('lab-tool');
  const download = snap.snap?.download;
  if (!download) throw new Error(`nothing was offered: ${JSON.stringify(snap)}`);
  const answer = await device.download(download.url);
  const digest = createHash('sha3-384')
    .update(Buffer.from(await answer.arrayBuffer()))
    .digest('hex');
  expect(digest).toBe(download['sha3-384']);
  const revision = Buffer.from(digest, 'hex').toString('base64url');
  const paths = [`snap-revision/${revision}?max-format=0`, `snap-declaration/16/${LAB_TOOL}?max-format=6`];
  const assertions: string[] = [];
  for (const path of paths) {
    const assertion = await device.assertion(path);
    expect(assertion.status).toBe(200);
    assertions.push(await assertion.text());
  }
  expect((await device.info('lab-tool')).status).toBe(200);
  return { snap, digest, assertions };
}

describe('with upstream gone, what the cache has', () => {
  it('still installs on another device, metadata included, also after a restart', async () => {
    await site.upstream.shut();
    await proxy.stop();
    proxy = await started();
    const again = await install(new Device(proxy.url));
    expect(again.snap.snap?.revision).toBe(first.snap.snap?.revision);
    expect(again).toMatchObject({ digest: first.digest, assertions: first.assertions });
    expect(proxy.events.seen).toEqual(expect.arrayContaining(['stale refresh', 'stale info', 'cache hit']));
  });

  it('is found', async () => {
    await site.upstream.shut();
    const found = (await (await get(FIND)).json()) as { results: { name: string }[] };
    expect(found.results.map(({ name }) => name)).toContain('lab-tool');
    expect(proxy.events.seen).toContain('stale find');
  });

  it('installs while upstream answers with errors of its own, or never', async () => {
    const device = new Device(proxy.url);
    site.store.fault({ mode: 'error-500' });
    expect(await device.install('lab-tool')).toMatchObject({ result: 'install' });
    expect((await device.info('lab-tool')).status).toBe(200);
    site.store.fault({ mode: 'hang' });
    expect(await device.install('lab-tool')).toMatchObject({ result: 'install' });
  }, 30_000);
});

describe('with upstream gone, a refresh', () => {
  it('says what upstream said to a device with the same revision', async () => {
    const current = first.snap.snap?.revision ?? 0;
    const ask = (revision: number) =>
      new Device(proxy.url).results([refresh(LAB_TOOL)], [installed(LAB_TOOL, revision)]);
    expect(await ask(1)).toMatchObject([{ snap: { revision: current } }]);
    await site.upstream.shut();
    expect(await ask(1)).toMatchObject([{ result: 'refresh', snap: { revision: current } }]);
    expect(await ask(999)).toMatchObject([{ result: 'error', error: { code: 'upstream-unavailable' } }]);
  });
});

describe('what was said to one', () => {
  const failed = { result: 'error', error: { code: 'upstream-unavailable' } };
  it.each([
    ['architecture', 'arm64', {}],
    ['store', 'amd64', { 'snap-device-store': 'a-brand' }],
    ['user', 'amd64', { authorization: 'Macaroon root="somebody"' }],
    ['series of fields', 'amd64', {}],
  ])('is not told another %s', async (what, architecture, headers) => {
    await site.upstream.shut();
    const device = new Device(proxy.url, architecture, headers);
    const action = { action: 'install', 'instance-key': 'x', name: 'lab-tool', epoch: null };
    const fields = what === 'series of fields' ? ['name'] : undefined;
    const answer = await device.post({ context: [], actions: [action], ...(fields ? { fields } : {}) });
    expect(await answer.json()).toMatchObject({ results: [failed] });
  });

  it('is not told any more once upstream took it back', async () => {
    const device = new Device(proxy.url);
    const asked = { revision: 7 };
    expect(await device.install('lab-tool', asked)).toMatchObject({ snap: { revision: 7 } });
    site.store.withdraw('lab-tool', 7);
    expect(await device.install('lab-tool', asked)).toMatchObject({ result: 'error' });
    await site.upstream.shut();
    expect(await device.install('lab-tool', asked)).toMatchObject(failed);
  });

  // Last: it changes the policy.
  it('never overrides the policy', async () => {
    const device = new Device(proxy.url);
    site.store.release('lab-tool', 'latest/candidate', null);
    const closed = { channel: 'candidate' };
    expect(await device.install('lab-tool', closed)).toMatchObject({ 'effective-channel': 'stable' });
    await site.hold(...(await site.capture('lab-tool', 'stable', 4)));
    await proxy.events.until(`obeyed ${site.position}`);
    await site.upstream.shut();
    const held = { snap: { revision: 4 }, 'effective-channel': 'stable' };
    expect(await device.install('lab-tool')).toMatchObject(held);
    expect(await device.install('lab-tool', closed)).toMatchObject(held);
    expect(proxy.events.seen.at(-1)).toBe('stale refresh');
    const info = (await (await device.info('lab-tool')).json()) as { 'channel-map': { revision: number }[] };
    expect(info['channel-map'].map(({ revision }) => revision)).toContain(4);
    expect(info['channel-map'].map(({ revision }) => revision)).not.toContain(first.snap.snap?.revision);
  });
});

it('was no fault of the program', () => {
  expect(proxy.events.seen.filter((event) => event.startsWith('unexpected'))).toEqual([]);
});
