import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '#kernel';
import { Device, installed, LAB_HELLO, LAB_TOOL, refresh } from './testing/device.js';
import { holdingHello } from './testing/holding-hello.js';
import type { ProxySite, RunningProxy } from './testing/proxy-site.js';

let site: ProxySite;
let proxy: RunningProxy;
let device: Device;

beforeAll(async () => {
  ({ site, proxy, device } = await holdingHello('gated'));
});
afterAll(async () => site.close());

async function upstreamAddress(name: string): Promise<string> {
  const response = await new Device(site.store.url).post({
    context: [],
    actions: [{ action: 'install', 'instance-key': 'a', name, epoch: null }],
    fields: ['download'],
  });
  const { results } = (await response.json()) as {
    results: { snap: { download: { url: string; 'sha3-384': string } } }[];
  };
  return Buffer.from(results[0]?.snap.download['sha3-384'] ?? '', 'hex').toString('base64url');
}

describe('a gated ring', () => {
  it('gives what is approved, and asks nobody for it', async () => {
    await site.upstream.shut();
    expect((await device.install('lab-hello')).snap?.revision).toBe(2);
    await site.upstream.reopen();
  });

  it.each<JsonObject>([
    { name: 'lab-tool' },
    { name: 'lab-tool', 'snap-id': LAB_TOOL },
    { name: 'lab-tool', revision: 3 },
    { name: 'lab-tool', channel: 'edge' },
    { name: 'lab-tool', channel: 'stable/fix-1' },
    { name: 'lab-tool', 'cohort-key': 'KEY' },
    { name: 'lab-hello', revision: 1 },
    { name: 'lab-hello', channel: 'edge' },
    { name: 'lab-hello', channel: 'latest/stable/fix-1' },
    { name: 'lab-hello', channel: 'edge', 'cohort-key': 'KEY' },
    { name: 'lab-hello', 'snap-id': LAB_TOOL },
  ])('has nothing else, however it is asked for: %j', async (more) => {
    for (const action of ['install', 'download']) {
      const asked = { action, 'instance-key': 'a-1', epoch: null, ...more };
      const [result] = await device.results([asked]);
      expect(result).toMatchObject({ result: 'error', error: { code: 'revision-not-found' } });
    }
  });

  it('says with its refusal where the snap is approved', async () => {
    const { error } = await device.install('lab-hello', { channel: 'edge' });
    expect(error).toMatchObject({
      extra: { releases: expect.arrayContaining([{ architecture: 'amd64', channel: 'stable' }]) as unknown },
    });
  });

  it('refreshes to what is approved, and to nothing else', async () => {
    const context = [installed(LAB_HELLO, 1), installed(LAB_TOOL, 3)];
    const results = await device.results([refresh(LAB_HELLO), refresh(LAB_TOOL)], context);
    expect(results.map(({ name, snap }) => `${name} ${snap?.revision}`)).toEqual(['lab-hello 2']);
    const edge = await device.results([refresh(LAB_HELLO, { channel: 'edge' })], context);
    expect(edge).toEqual([]);
  });

  it('has the assertions of what is approved, and of nothing else', async () => {
    expect((await device.assertion(`snap-declaration/16/${LAB_HELLO}?max-format=5`)).status).toBe(200);
    expect((await device.assertion(`snap-declaration/16/${LAB_TOOL}?max-format=5`)).status).toBe(404);
    const digest = await upstreamAddress('lab-tool');
    expect((await device.assertion(`snap-revision/${digest}?max-format=0`)).status).toBe(404);
  });

  it('shows nothing else in info, in a search, in the catalogue', async () => {
    expect(await (await device.info('lab-hello')).json()).toMatchObject({
      'channel-map': [{ channel: { name: 'stable' }, revision: 2 }],
    });
    const other = await device.info('lab-tool');
    expect([other.status, await other.json()]).toEqual([
      404,
      { 'error-list': [expect.objectContaining({ code: 'resource-not-found' })] },
    ]);
    expect(proxy.events.seen).toContain(`not-approved: info ${LAB_TOOL}`);
    const pages = await Promise.all(
      [
        '/v2/snaps/find?q=lab&architecture=amd64',
        '/api/v1/snaps/names',
        '/api/v1/snaps/sections',
        '/v2/snaps/categories',
      ].map(async (path) => (await fetch(`${proxy.url}${path}`)).text()),
    );
    const [found = '', names = '', sections, categories] = pages;
    expect(found).toContain('"name":"lab-hello"');
    expect(names.startsWith('{"_embedded":{"clickindex:package":[')).toBe(true);
    expect(names).toContain('"package_name":"lab-hello"');
    expect(pages.join('')).not.toContain('lab-tool');
    expect(sections).toBe('{"_embedded":{"clickindex:sections":[]}}');
    expect(categories).toBe('{"categories":[]}');
  });
});
