import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StoreUnderTest } from '../testing/store-under-test.js';

let store: StoreUnderTest;
beforeAll(async () => {
  store = await StoreUnderTest.start();
});
afterAll(() => store.stop());

const HELLO = 'labhelloidlabhelloidlabhelloid01';

describe('POST /v2/snaps/refresh', () => {
  it.each([
    ['lab-hello', 'stable', 'amd64', 1, 'stable'],
    ['lab-hello', 'latest/candidate', 'amd64', 2, 'candidate'],
    ['lab-hello', 'beta', 'amd64', 2, 'candidate'], // closed: the next stabler risk
    ['lab-hello', 'edge', 'arm64', 5, 'edge'],
    ['lab-hello', 'edge/hotfix', 'amd64', 5, 'edge'], // a branch that is not there: its risk
    ['lab-tool', 'edge', 'amd64', 7, 'edge'],
    ['lab-tool', '2.0', 'amd64', 4, '2.0/stable'],
    ['lab-tool', '2.0/candidate', 'amd64', 4, '2.0/stable'],
    ['lab-multi', 'stable', 'amd64', 10, 'stable'],
    ['lab-multi', 'stable', 'arm64', 11, 'stable'],
    ['lab-multi', 'edge', 'amd64', 12, 'edge'],
    ['lab-multi', 'edge', 'arm64', 13, 'edge'],
  ])('%s from %s on %s is revision %i, from %s', async (name, channel, architecture, revision, effective) => {
    expect(await store.download(name, channel, architecture)).toEqual([revision, effective]);
  });

  it('answers several actions in their order, each with its key', async () => {
    const results = await store.refresh(
      [
        { action: 'install', 'instance-key': 'install-1', name: 'lab-tool', channel: 'stable', epoch: null },
        { action: 'install', 'instance-key': 'install-2', name: 'lab-hello', revision: 2, epoch: null },
        { action: 'refresh', 'instance-key': 'installed', 'snap-id': HELLO },
        { action: 'install', 'instance-key': 'install-3', name: 'nobody', channel: 'stable' },
      ],
      'amd64',
      [{ 'instance-key': 'installed', 'snap-id': HELLO, revision: 1, 'tracking-channel': 'latest/edge' }],
    );
    expect(
      results.map((each) => [each.result, each['instance-key'], each.name, each.snap?.revision]),
    ).toEqual([
      ['install', 'install-1', 'lab-tool', 3],
      ['install', 'install-2', 'lab-hello', 2],
      ['refresh', 'installed', 'lab-hello', 5], // by the channel that it follows
      ['error', 'install-3', 'nobody', undefined],
    ]);
  });

  it('gives an explicit revision whatever channel it is in, with the channel that has it', async () => {
    const [result] = await store.refresh([
      { action: 'download', 'instance-key': 'download-1', name: 'lab-hello', revision: 5 },
    ]);
    expect([result?.snap?.revision, result?.['effective-channel']]).toEqual([5, 'edge']);
  });

  it('describes a file that can be downloaded, at the address by which it was asked', async () => {
    const [result] = await store.refresh([
      { action: 'download', 'instance-key': 'download-1', name: 'lab-hello', channel: 'stable' },
    ]);
    const file = result?.snap?.download;
    expect(file?.url.startsWith(`${store.store.url}/`)).toBe(true);
    const { bytes } = await store.get(new URL(file?.url ?? '').pathname);
    expect(bytes.length).toBe(file?.size);
    expect(createHash('sha3-384').update(bytes).digest('hex')).toBe(file?.['sha3-384']);
    expect(bytes.includes(result?.snap?.['snap-yaml'] ?? 'no yaml')).toBe(true);
  });

  it('gives only the fields that were asked for', async () => {
    const { json } = await store.post('/v2/snaps/refresh', {
      context: [],
      actions: [{ action: 'download', 'instance-key': 'download-1', name: 'lab-hello', channel: 'stable' }],
      fields: ['name', 'revision'],
    });
    expect(json).toMatchObject({ results: [{ snap: { name: 'lab-hello', revision: 1 } }] });
    expect(Object.keys((json as { results: { snap: object }[] }).results[0]?.snap ?? {}).sort()).toEqual([
      'name',
      'revision',
    ]);
  });

  it('says what it has not: name, id, channel, revision, architecture', async () => {
    const key = { 'instance-key': 'x' };
    const results = await store.refresh([
      { action: 'install', ...key, name: 'nobody', channel: 'stable' },
      { action: 'refresh', ...key, 'snap-id': 'x'.repeat(32), channel: 'stable' },
      { action: 'install', ...key, name: 'lab-tool', channel: '3.0/stable' },
      { action: 'install', ...key, name: 'lab-tool', revision: 99 },
      { action: 'install', ...key, name: 'lab-multi', revision: 11 }, // exists, for arm64
    ]);
    expect(results.map(({ result, error }) => [result, error?.code])).toEqual([
      ['error', 'name-not-found'],
      ['error', 'id-not-found'],
      ['error', 'revision-not-found'],
      ['error', 'revision-not-found'],
      ['error', 'revision-not-found'],
    ]);
    expect(results[2]?.error?.extra?.releases).toContainEqual({
      architecture: 'amd64',
      channel: '2.0/stable',
    });
    expect(results[3]?.error?.extra).toBeUndefined();
  });

  it('names the architectures that a snap has, to a device that it has not', async () => {
    const action = { action: 'install', 'instance-key': 'install-1', name: 'lab-multi', channel: 'stable' };
    const [result] = await store.refresh([action], 'armhf');
    expect(result?.error?.extra?.releases).toEqual([
      { architecture: 'amd64', channel: 'stable' },
      { architecture: 'arm64', channel: 'stable' },
      { architecture: 'amd64', channel: 'edge' },
      { architecture: 'arm64', channel: 'edge' },
    ]);
  });

  it('redirects whoever names no track to the default track, and only those', async () => {
    store.store.setDefaultTrack('lab-tool', '2.0');
    const key = { 'instance-key': 'install-1', name: 'lab-tool' };
    const results = await store.refresh([
      { action: 'install', ...key, channel: 'stable' },
      { action: 'install', ...key, channel: 'latest/stable' },
    ]);
    store.store.setDefaultTrack('lab-tool', null);
    expect(results.map((each) => [each.snap?.revision, each['redirect-channel']])).toEqual([
      [4, '2.0/stable'],
      [3, undefined],
    ]);
  });

  it('gives addresses of assertions that are newer than the client’s, and names those that it has not', async () => {
    const { json } = await store.post('/v2/snaps/refresh', {
      context: [],
      actions: [
        {
          action: 'fetch-assertions',
          key: 'AAA=',
          assertions: [
            { type: 'snap-declaration', 'primary-key': ['16', HELLO] },
            { type: 'snap-declaration', 'primary-key': ['16', HELLO], 'if-newer-than': 0 },
            { type: 'store', 'primary-key': ['some-store'] },
          ],
        },
      ],
    });
    expect(json).toEqual({
      results: [
        {
          result: 'fetch-assertions',
          key: 'AAA=',
          'assertion-stream-urls': [`${store.store.url}/v2/assertions/snap-declaration/16/${HELLO}`],
          'error-list': [
            { code: 'not-found', message: 'not found', type: 'store', 'primary-key': ['some-store'] },
          ],
        },
      ],
      'error-list': [],
    });
  });

  it.each([[[]], [{}], [{ context: [], actions: [{ action: 'dance', 'instance-key': 'x' }] }]])(
    'refuses %j with 400 and the reason',
    async (body) => {
      const { status, json } = await store.post('/v2/snaps/refresh', body);
      expect([status, json]).toMatchObject([400, { 'error-list': [{ code: 'bad-request' }] }]);
    },
  );
});
