import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Device, installed, LAB_HELLO, LAB_TOOL, refresh } from './testing/device.js';
import { ProxySite, type RunningProxy } from './testing/proxy-site.js';

let site: ProxySite;
let proxy: RunningProxy;
let device: Device;

beforeAll(async () => {
  site = await ProxySite.start();
  await site.hold(
    ...(await site.capture('lab-hello', 'stable', 2)),
    ...(await site.capture('lab-multi', 'stable', 12)),
  );
  proxy = await site.proxy();
  device = new Device(proxy.url);
  await proxy.events.until('obeyed 1');
});
afterAll(async () => site.close());
afterEach(async () => {
  site.store.fault({ mode: 'none' });
  await site.upstream.shut();
  await site.upstream.reopen();
});

describe('a held snap', () => {
  it('is answered with its revision, whatever upstream released', async () => {
    expect(await device.install('lab-hello', { channel: 'stable' })).toMatchObject({
      result: 'install',
      name: 'lab-hello',
      'snap-id': LAB_HELLO,
      'effective-channel': 'stable',
      snap: { revision: 2 },
    });
  });

  it.each([1, 2, 5])('is answered to a device that has revision %i', async (revision) => {
    const [result] = await device.results([refresh(LAB_HELLO)], [installed(LAB_HELLO, revision)]);
    expect(result).toMatchObject({ result: 'refresh', 'instance-key': LAB_HELLO, snap: { revision: 2 } });
  });

  it('is what a closed risk falls back to', async () => {
    site.store.release('lab-hello', 'latest/candidate', null);
    expect(await device.install('lab-hello', { channel: 'candidate' })).toMatchObject({
      'effective-channel': 'stable',
      snap: { revision: 2 },
    });
  });

  it('has no other revision', async () => {
    expect(await device.install('lab-hello', { revision: 5 })).toMatchObject({
      result: 'error',
      name: 'lab-hello',
      error: { code: 'revision-not-found' },
    });
    expect(await device.install('lab-hello', { revision: 2 })).toMatchObject({ snap: { revision: 2 } });
  });

  it('has no revision of another architecture', async () => {
    const arm = new Device(proxy.url, 'arm64');
    expect(await device.install('lab-multi', { revision: 12 })).toMatchObject({ snap: { revision: 12 } });
    expect(await arm.install('lab-multi', { revision: 12 })).toMatchObject({
      error: { code: 'revision-not-found' },
    });
    expect(await arm.install('lab-multi')).toMatchObject({ snap: { revision: 11 } });
  });
});

describe('everything else', () => {
  it('is upstream, with our addresses only', async () => {
    const [hello, tool] = await device.results(
      [refresh(LAB_HELLO), refresh(LAB_TOOL)],
      [installed(LAB_HELLO, 1), installed(LAB_TOOL, 1)],
    );
    expect(hello).toMatchObject({ snap: { revision: 2 } });
    expect(tool).toMatchObject({ 'effective-channel': 'stable', snap: { revision: 3 } });
    expect(JSON.stringify(tool)).not.toContain(site.upstream.url.replace(/\/$/, ''));
    expect(tool?.snap?.download.url).toMatch(new RegExp(`^${proxy.url}/download/[\\w-]+/lab-tool_3.snap$`));
  });

  it('is an error result for an unknown snap', async () => {
    expect(await device.install('nobody-knows')).toMatchObject({
      result: 'error',
      name: 'nobody-knows',
      error: { code: 'name-not-found' },
    });
  });

  it('is an error result for an unknown revision', async () => {
    expect(await device.install('lab-tool', { revision: 999 })).toMatchObject({
      error: { code: 'revision-not-found' },
    });
  });
});

describe('when upstream', () => {
  const both = [
    { action: 'install', 'instance-key': 'install-1', name: 'lab-hello', epoch: null },
    { action: 'install', 'instance-key': 'install-2', name: 'lab-tool', epoch: null },
  ];
  const decidedAndNot = [
    { snap: { revision: 2 } },
    {
      result: 'error',
      'instance-key': 'install-2',
      name: 'lab-tool',
      error: { code: 'upstream-unavailable' },
    },
  ];

  it('is gone, what is decided is answered and the rest is an error', async () => {
    await site.upstream.shut();
    expect(await device.results(both)).toMatchObject(decidedAndNot);
  });

  it('answers 5xx, likewise', async () => {
    site.store.fault({ mode: 'error-500' });
    expect(await device.results(both)).toMatchObject(decidedAndNot);
  });

  it('never answers, likewise, within 8 seconds', async () => {
    site.store.fault({ mode: 'hang' });
    const start = performance.now();
    expect(await device.results(both)).toMatchObject(decidedAndNot);
    expect(performance.now() - start).toBeLessThan(8_000);
  });

  it('is slow, the answer waits for it', async () => {
    site.store.fault({ mode: 'slow' });
    expect(await device.results(both)).toMatchObject([{ snap: { revision: 2 } }, { snap: { revision: 3 } }]);
  });

  it('is slow, what is decided does not wait', async () => {
    site.store.fault({ mode: 'hang' });
    expect(await device.install('lab-hello')).toMatchObject({ snap: { revision: 2 } });
  });
});

describe('a request that cannot be understood', () => {
  it.each<[string, unknown]>([
    ['malformed JSON', '{"context":[],'],
    ['no object', '[]'],
    ['nothing', ''],
    ['no actions', {}],
    [
      'an unknown action',
      { context: [], actions: [{ action: 'remove', 'instance-key': 'x', name: 'lab-hello' }] },
    ],
    [
      'a channel that is none',
      { actions: [{ action: 'install', 'instance-key': 'x', name: 'lab-hello', channel: 'a/b/c/d' }] },
    ],
    [
      'a revision that is none',
      { actions: [{ action: 'install', 'instance-key': 'x', name: 'lab-hello', revision: -1 }] },
    ],
    [
      'two groups of assertions with one key',
      {
        context: [],
        actions: ['A', 'A'].map((key) => ({ action: 'fetch-assertions', key, assertions: [] })),
      },
    ],
  ])('is refused with 400: %s', async (_, body) => {
    const answer = await device.post(body);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(answer.headers.get('snap-store-version')).toBe('55');
    expect(await answer.json()).toMatchObject({ 'error-list': [{ code: 'bad-request' }] });
  });

  it('is refused when it is too large', async () => {
    const answer = await device.post(`{"context":[],"actions":[],"x":"${'x'.repeat(5 * 1024 * 1024)}"}`);
    expect(answer.status).toBe(413);
  });

  it.each(['', 'not an arch', '../..', 'x'.repeat(4000)])(
    'is refused with the architecture %j',
    async (architecture) => {
      const answer = await device.post(
        { actions: [{ action: 'install', 'instance-key': 'install-1', name: 'lab-hello' }] },
        { 'snap-device-architecture': architecture },
      );
      expect(answer.status).toBe(400);
    },
  );
});

describe('snap info', () => {
  it('shows the held revision in the place of upstream one', async () => {
    const answer = await device.info('lab-hello');
    const info = (await answer.json()) as {
      'channel-map': { channel: { name: string }; revision: number }[];
    };
    const shown = info['channel-map'].map(({ channel, revision }) => `${channel.name} ${revision}`);
    expect(shown).toContain('stable 2');
    expect(shown).toContain('edge 5');
    expect(shown).not.toContain('stable 1');
    expect(JSON.stringify(info)).not.toContain(site.upstream.url.replace(/\/$/, ''));
  });

  it('shows what is held when upstream is gone, and says of the rest that it cannot', async () => {
    await site.upstream.shut();
    // What was never asked before: the rest is told again, see upstream-gone.int.spec.ts.
    const query = 'architecture=amd64&fields=revision,confinement';
    expect(await (await device.info('lab-hello', query)).json()).toMatchObject({
      'channel-map': [{ revision: 2 }],
    });
    const unknown = await device.info('lab-tool', query);
    expect(unknown.status).toBe(503);
    expect(await unknown.json()).toMatchObject({ 'error-list': [{ code: 'upstream-unavailable' }] });
  });

  it.each(['nobody-knows', 'NOT%20A%20NAME', '..%2F..'])('does not know %s', async (name) => {
    const answer = await device.info(name);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ 'error-list': [{ code: 'resource-not-found' }] });
  });

  it('gives an address that HEAD finds, as the connectivity check does', async () => {
    const info = await device.info('lab-tool', 'architecture=amd64&fields=download');
    const { 'channel-map': map } = (await info.json()) as {
      'channel-map': { download: { url: string; size: number } }[];
    };
    const head = await device.download(map[0]?.download.url ?? '', {}, 'HEAD');
    expect(head.status).toBe(200);
    expect(Number(head.headers.get('content-length'))).toBe(map[0]?.download.size);
  });
});

describe('every answer', () => {
  it.each([
    ['HEAD', '/', 200],
    ['GET', '/', 200],
    ['GET', '/nothing/here', 404],
    ['PUT', '/v2/snaps/refresh', 404],
    ['GET', '/download/x/y.snap', 403],
  ])('to %s %s says the store version', async (method, path, status) => {
    const answer = await fetch(`${proxy.url}${path}`, { method });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('snap-store-version')).toBe('55');
  });
});
