import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '#kernel';
import type { PolicyEntry } from '#release-control/published';
import { Device, installed, LAB_HELLO, LAB_TOOL, refresh } from './testing/device.js';
import { ProxySite, type RunningProxy } from './testing/proxy-site.js';

const HELLO = { format: 'snap', subject: LAB_HELLO, name: 'lab-hello' };
const TOOL = { format: 'snap', subject: LAB_TOOL, name: 'lab-tool' };

let site: ProxySite;
let proxy: RunningProxy;
let device: Device;
let entries: readonly PolicyEntry[];

beforeAll(async () => {
  site = await ProxySite.start();
  entries = await site.capture('lab-hello', 'stable', 2);
  await site.hold(...entries);
  proxy = await site.proxy();
  device = new Device(proxy.url);
  await obeyed(1);
});
afterAll(async () => site.close());

async function obeyed(position: number): Promise<void> {
  await proxy.events.until(`obeyed ${position}`);
}

async function decide(...policy: Parameters<ProxySite['decide']>): Promise<void> {
  await obeyed(Number((await site.decide(...policy)).position));
}

async function digestOf(name: string): Promise<string> {
  const response = await new Device(site.store.url).post({
    context: [],
    actions: [{ action: 'install', 'instance-key': 'a', name, epoch: null }],
    fields: ['download'],
  });
  const { results } = (await response.json()) as {
    results: { snap: { download: { 'sha3-384': string } } }[];
  };
  return Buffer.from(results[0]?.snap.download['sha3-384'] ?? '', 'hex').toString('base64url');
}

async function found(): Promise<string[]> {
  const answer = await fetch(`${proxy.url}/v2/snaps/find?q=lab&architecture=amd64`);
  const { results } = (await answer.json()) as { results: { name: string }[] };
  return results.map(({ name }) => name).sort();
}

/** Of assertions that a device has none of yet. */
async function fetchAssertions(...assertions: JsonObject[]) {
  const answer = await device.post({
    context: [],
    actions: [{ action: 'fetch-assertions', key: 'A', assertions }],
    'assertion-max-formats': { 'snap-declaration': 5 },
  });
  const { results } = (await answer.json()) as {
    results: { 'assertion-stream-urls': string[]; 'error-list'?: { code: string }[] }[];
  };
  const [result] = results;
  const streams = await Promise.all(
    (result?.['assertion-stream-urls'] ?? []).map(async (url) => (await fetch(url)).text()),
  );
  return { text: streams.join('\n'), errors: (result?.['error-list'] ?? []).map(({ code }) => code) };
}

const declaration = (snapId: string) => ({ type: 'snap-declaration', 'primary-key': ['16', snapId] });

describe('a denied snap of an open ring', () => {
  let address: string;
  let heldAddress: string;
  let digest: string;
  let seen: Response[];

  beforeAll(async () => {
    address = (await device.install('lab-tool')).snap?.download.url ?? '';
    heldAddress = (await device.install('lab-hello')).snap?.download.url ?? '';
    digest = await digestOf('lab-tool');
    seen = [await device.download(address), await device.assertion(`snap-revision/${digest}`)];
    await decide('open', entries, { denied: [HELLO, TOOL] });
  });

  it('was given out before', () => {
    expect(seen.map(({ status }) => status)).toEqual([200, 200]);
  });

  it.each<JsonObject>([
    { name: 'lab-tool' },
    { name: 'lab-tool', channel: 'edge' },
    { name: 'lab-tool', revision: 3 },
    { name: 'lab-tool', 'snap-id': LAB_TOOL },
    { name: 'whatever', 'snap-id': LAB_TOOL },
    { name: 'lab-tool', channel: 'no-such-track/stable' },
    { name: 'lab-hello' },
    { name: 'lab-hello', revision: 2 },
    { name: 'lab-hello', channel: 'edge' },
    { name: 'lab-hello', 'cohort-key': 'KEY' },
  ])('does not exist, overridden or not, however it is asked for: %j', async (more) => {
    for (const action of ['install', 'download']) {
      const [result] = await device.results([{ action, 'instance-key': 'a-1', epoch: null, ...more }]);
      expect(result).toMatchObject({ result: 'error', error: { code: 'name-not-found' } });
    }
    expect(proxy.events.seen.at(-1)).toMatch(/^denied: download lab/);
  });

  it('has no updates', async () => {
    const context = [installed(LAB_HELLO, 1), installed(LAB_TOOL, 1)];
    expect(await device.results([refresh(LAB_HELLO), refresh(LAB_TOOL)], context)).toEqual([]);
    expect(proxy.events.seen).toContain(`denied: refresh ${LAB_HELLO}`);
  });

  it('cannot be downloaded from an address that was handed out before', async () => {
    for (const url of [address, heldAddress]) {
      expect((await device.download(url)).status).toBe(403);
      expect((await device.download(url, {}, 'HEAD')).status).toBe(403);
      expect((await device.download(url, { range: 'bytes=5-' })).status).toBe(403);
    }
    expect(proxy.events.seen).toContain(`denied: artefact ${LAB_TOOL}`);
    expect(proxy.events.seen).toContain(`denied: artefact ${LAB_HELLO}`);
  });

  it('has no assertions, also not those that were seen before', async () => {
    const asked = async () => {
      const paths = [
        `snap-declaration/16/${LAB_TOOL}?max-format=5`,
        `snap-declaration/16/${LAB_HELLO}?max-format=5`,
        `snap-revision/${digest}`,
      ];
      return await Promise.all(paths.map(async (path) => (await device.assertion(path)).status));
    };
    expect(await asked()).toEqual([404, 404, 404]);
    await site.upstream.shut();
    expect(await asked()).toEqual([404, 404, 404]);
    await site.upstream.reopen();
    const { text, errors } = await fetchAssertions(declaration(LAB_TOOL), {
      type: 'snap-revision',
      'primary-key': [digest],
    });
    expect(errors).toEqual(['not-found']);
    expect(text).not.toContain('lab-tool');
  });

  it('is in no info, and in no search', async () => {
    expect((await device.info('lab-tool')).status).toBe(404);
    expect((await device.info('lab-hello')).status).toBe(404);
    expect(await found()).not.toContain('lab-tool');
    expect(await found()).not.toContain('lab-hello');
  });

  it('is as before once the denial ended, its override too', async () => {
    await decide('open', entries);
    expect((await device.install('lab-hello')).snap?.revision).toBe(2);
    expect((await device.download(heldAddress)).status).toBe(200);
    expect((await device.download(address)).status).toBe(200);
  });
});

describe('a blocked snap', () => {
  it('is refused as a denied one is, and counted as blocked', async () => {
    await decide('open', entries, { blocked: [HELLO] });
    expect(await device.install('lab-hello')).toMatchObject({ error: { code: 'name-not-found' } });
    expect((await device.assertion(`snap-declaration/16/${LAB_HELLO}?max-format=5`)).status).toBe(404);
    expect(proxy.events.seen).toContain(`blocked: install ${LAB_HELLO}`);
    await decide('open', entries);
    expect((await device.install('lab-hello')).snap?.revision).toBe(2);
  });
});

describe('a halt', () => {
  let address: string;

  beforeAll(async () => {
    await decide('open', entries);
    address = (await device.install('lab-hello')).snap?.download.url ?? '';
  });

  it('of a snap keeps it from devices, held or not, and nothing else', async () => {
    await decide('open', entries, { halted: [HELLO] });
    expect(await device.results([refresh(LAB_HELLO)], [installed(LAB_HELLO, 1)])).toEqual([]);
    expect(await device.install('lab-hello')).toMatchObject({ error: { code: 'name-not-found' } });
    expect((await device.download(address)).status).toBe(403);
    expect(proxy.events.seen).toContain(`halted: refresh ${LAB_HELLO}`);
    expect((await device.install('lab-tool')).snap?.revision).toBe(3);
  });

  it('of the ring keeps everything from devices, without an error for what they have', async () => {
    await decide('open', entries, { ringHalted: true });
    const context = [installed(LAB_HELLO, 1), installed(LAB_TOOL, 1)];
    expect(await device.results([refresh(LAB_HELLO), refresh(LAB_TOOL)], context)).toEqual([]);
    for (const name of ['lab-hello', 'lab-tool', 'lab-multi']) {
      expect(await device.install(name)).toMatchObject({ error: { code: 'name-not-found' } });
      expect((await device.info(name)).status).toBe(404);
    }
    expect(await found()).toEqual([]);
    expect((await device.download(address)).status).toBe(403);
    expect((await device.assertion(`snap-declaration/16/${LAB_TOOL}?max-format=5`)).status).toBe(404);
  });

  it('is over when it is resumed: what is held is given out again', async () => {
    await decide('open', entries);
    expect((await device.install('lab-hello')).snap?.revision).toBe(2);
    expect((await device.download(address)).status).toBe(200);
  });
});

describe('an allowed snap of a gated ring', () => {
  let address: string;
  let digest: string;

  beforeAll(async () => {
    digest = await digestOf('lab-tool');
    await decide('gated', entries, { allowed: [TOOL] });
    address = (await device.install('lab-tool')).snap?.download.url ?? '';
  });

  it('is answered as upstream does', async () => {
    expect((await device.install('lab-tool')).snap?.revision).toBe(3);
    const context = [installed(LAB_TOOL, 1)];
    const results = await device.results([refresh(LAB_TOOL)], context);
    expect(results.map(({ snap }) => snap?.revision)).toEqual([3]);
    expect((await device.download(address)).status).toBe(200);
  });

  it('has its assertions, and a snap that is not allowed has none', async () => {
    expect((await device.assertion(`snap-declaration/16/${LAB_TOOL}?max-format=5`)).status).toBe(200);
    expect((await device.assertion(`snap-revision/${digest}`)).status).toBe(200);
    const other = await digestOf('lab-multi');
    expect((await device.assertion(`snap-revision/${other}`)).status).toBe(404);
    const { text, errors } = await fetchAssertions(declaration(LAB_TOOL), {
      type: 'snap-revision',
      'primary-key': [other],
    });
    expect(text).toContain('snap-name: lab-tool');
    expect(text).not.toContain('type: snap-revision');
    expect(errors).toEqual([]);
  });

  it('is in info and in a search, and of the others what is held alone', async () => {
    expect(await (await device.info('lab-tool')).json()).toMatchObject({
      'channel-map': expect.arrayContaining([expect.objectContaining({ revision: 3 })]) as unknown,
    });
    expect(await (await device.info('lab-hello')).json()).toMatchObject({
      'channel-map': [{ channel: { name: 'stable' }, revision: 2 }],
    });
    expect(await found()).toEqual(['lab-hello', 'lab-tool']);
  });

  it('opens the gate for no other', async () => {
    expect(await device.install('lab-multi')).toMatchObject({ error: { code: 'revision-not-found' } });
    expect(await device.install('lab-hello', { channel: 'edge' })).toMatchObject({
      error: { code: 'revision-not-found' },
    });
    expect(proxy.events.seen).toContain('not-approved: install lab-multi');
  });

  it('is gone with the rest when the allowance ends, from addresses too', async () => {
    await decide('gated', entries);
    expect(await device.install('lab-tool')).toMatchObject({ error: { code: 'revision-not-found' } });
    expect((await device.download(address)).status).toBe(403);
    expect(proxy.events.seen).toContain(`not-approved: artefact ${LAB_TOOL}`);
  });
});
