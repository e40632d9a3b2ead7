import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '#kernel';
import { parseRefreshRequest } from '#snap';
import { RingAccess } from '../policy/ring-access.js';
import { finishRefresh, type UpstreamSays } from './finish-refresh.js';
import { planRefresh, stepsToRelay } from './plan-refresh.js';
import { readActions } from './read-actions.js';
import { holding, LAB_HELLO, LAB_TOOL, type HeldForTest } from './testing-manifests.js';

const addresses = {
  kept: ({ sha256 }: { sha256: string }, file: string) => `ours:kept/${Number(sha256)}/${file}`,
  relayed: ({ upstream }: { upstream: string }, file: string) => `ours:relayed/${upstream.slice(-6)}/${file}`,
  media: (upstream: string) => `ours:media/${upstream.slice(-8)}`,
};
const DIGEST = 'ab'.repeat(48);
const upstreamTool: JsonObject = {
  result: 'install',
  'instance-key': 'install-2',
  'snap-id': LAB_TOOL,
  name: 'lab-tool',
  'effective-channel': 'stable',
  'released-at': '2026-01-02T03:04:05Z',
  snap: {
    name: 'lab-tool',
    'snap-id': LAB_TOOL,
    revision: 3,
    title: 'Tool',
    website: 'https://upstream.example/tool',
    media: [{ type: 'icon', url: 'https://upstream.example/icon.png' }],
    download: {
      url: 'https://upstream.example/tool_3',
      size: 9,
      'sha3-384': DIGEST,
      deltas: [
        {
          format: 'xdelta3',
          source: 2,
          target: 3,
          url: 'https://upstream.example/delta1',
          size: 3,
          'sha3-384': DIGEST,
        },
      ],
    },
  },
};
const install = (n: number, name: string, more: JsonObject = {}) => ({
  action: 'install',
  'instance-key': `install-${n}`,
  name,
  epoch: null,
  ...more,
});
const installed = (id: string, revision: number, more: JsonObject = {}) => ({
  'snap-id': id,
  'instance-key': id,
  revision,
  'tracking-channel': 'latest/stable',
  epoch: { read: [0], write: [0] },
  ...more,
});
const refresh = (id: string, more: JsonObject = {}) => ({
  action: 'refresh',
  'snap-id': id,
  'instance-key': id,
  ...more,
});

function plan(held: HeldForTest[], actions: JsonValue[], rest: JsonObject = {}) {
  const request = parseRefreshRequest({ context: [], actions, ...rest });
  const { snaps } = readActions(request);
  return planRefresh({ access: RingAccess.open, held: holding(...held) }, snaps, request.fields, 'amd64');
}

function answer(held: HeldForTest[], actions: JsonValue[], upstream: UpstreamSays, rest: JsonObject = {}) {
  return finishRefresh(plan(held, actions, rest), upstream, addresses);
}

const says = (...results: JsonValue[]): UpstreamSays => ({ kind: 'answered', results });
const gone: UpstreamSays = {
  kind: 'failed',
  error: { code: 'upstream-unavailable', message: 'upstream does not answer' },
};

describe('a held answer', () => {
  it('is the manifest, with our address, and only the fields asked for', () => {
    const fields = ['name', 'revision', 'version', 'download', 'media', 'snap-id', 'toString'];
    expect(answer([{}], [install(1, 'lab-hello', { channel: 'stable' })], says(), { fields }).body).toEqual({
      results: [
        {
          result: 'install',
          'instance-key': 'install-1',
          'snap-id': LAB_HELLO,
          name: 'lab-hello',
          'effective-channel': 'stable',
          snap: {
            name: 'lab-hello',
            revision: 2,
            version: '1.2',
            'snap-id': LAB_HELLO,
            media: [],
            download: {
              url: 'ours:kept/2/lab-hello_2.snap',
              size: 69632,
              'sha3-384': '2'.padStart(96, '0'),
              deltas: [],
            },
          },
        },
      ],
    });
  });

  it('is given although the device has that revision, a lower or a higher one', () => {
    for (const revision of [1, 2, 9]) {
      const { body } = answer([{}], [refresh(LAB_HELLO)], says(), {
        context: [installed(LAB_HELLO, revision)],
      });
      expect(body).toMatchObject({
        results: [{ result: 'refresh', 'instance-key': LAB_HELLO, snap: { revision: 2 } }],
      });
    }
  });

  it('answers each parallel instance under its own key', () => {
    const other = `${LAB_HELLO}:hash`;
    const context = [installed(LAB_HELLO, 1), installed(LAB_HELLO, 1, { 'instance-key': other })];
    const { body } = answer(
      [{}],
      [refresh(LAB_HELLO), refresh(LAB_HELLO, { 'instance-key': other })],
      says(),
      { context },
    );
    expect(body['results']).toMatchObject([{ 'instance-key': LAB_HELLO }, { 'instance-key': other }]);
  });

  it('says the track that the device is to follow', () => {
    const { body } = answer(
      [{ channel: '2.0/edge', defaultTrack: '2.0' }],
      [install(1, 'lab-hello', { channel: 'edge' })],
      says(),
    );
    expect(body).toMatchObject({
      results: [{ 'effective-channel': '2.0/edge', 'redirect-channel': '2.0/edge' }],
    });
  });
});

describe('a relayed answer', () => {
  const actions = [install(1, 'lab-hello'), install(2, 'lab-tool')];

  it('asks upstream only about what the policy leaves open', () => {
    expect(stepsToRelay(plan([{}], actions)).map(({ index }) => index)).toEqual([1]);
  });

  it('has our addresses in place of all that can be fetched, pictures included', () => {
    const { body } = answer([{}], actions, says(upstreamTool));
    expect(body).toMatchObject({
      results: [
        { 'instance-key': 'install-1', snap: { revision: 2 } },
        {
          'instance-key': 'install-2',
          'effective-channel': 'stable',
          'released-at': '2026-01-02T03:04:05Z',
          snap: {
            revision: 3,
            media: [{ type: 'icon', url: 'ours:media/icon.png' }],
            website: 'https://upstream.example/tool',
            download: {
              url: 'ours:relayed/tool_3/lab-tool_3.snap',
              deltas: [{ source: 2, url: 'ours:relayed/delta1/lab-tool_3.snap' }],
            },
          },
        },
      ],
    });
  });

  it('has no video, and the resources of its components at our addresses', () => {
    const download = { url: 'https://upstream.example/comp_1', size: 7, 'sha3-384': DIGEST };
    const snap = {
      ...(upstreamTool['snap'] as JsonObject),
      media: [
        { type: 'video', url: 'https://upstream.example/video' },
        { type: 'icon', url: 'https://upstream.example/icon.png' },
      ],
      resources: [
        { type: 'component/standard', name: 'comp', revision: 1, download },
        { name: 'unverified', download: { url: 'https://upstream.example/other', size: 7 } },
      ],
    };
    const { body } = answer([], [install(2, 'lab-tool')], says({ ...upstreamTool, snap }));
    expect(body).toMatchObject({
      results: [
        {
          snap: {
            media: [{ type: 'icon', url: 'ours:media/icon.png' }],
            resources: [
              { name: 'comp', download: { url: 'ours:relayed/comp_1/lab-tool_3.snap' } },
              { name: 'unverified' },
            ],
          },
        },
      ],
    });
    const { website: _, ...fetched } = (body['results'] as { snap: JsonObject }[])[0]?.snap ?? {};
    expect(JSON.stringify(fetched)).not.toContain('upstream.example');
  });

  it('is whole without an address right in it, or in its snap', () => {
    const url = 'https://upstream.example/tool';
    const snap = { ...(upstreamTool['snap'] as JsonObject), url };
    const asked = [install(2, 'lab-tool')];
    expect(answer([], asked, says({ ...upstreamTool, url, snap }))).toEqual(
      answer([], asked, says(upstreamTool)),
    );
  });

  it('always says the effective channel', () => {
    const { 'effective-channel': _, ...silent } = upstreamTool;
    const { body } = answer([], [install(2, 'lab-tool', { channel: '2.0/edge' })], says(silent));
    expect(body).toMatchObject({ results: [{ 'effective-channel': '2.0/edge' }] });
  });

  it('does not leak another revision of a held snap when a closed risk falls back', () => {
    const fellBack = { ...upstreamTool, snap: { ...(upstreamTool['snap'] as JsonObject), revision: 99 } };
    const held = [{ subject: LAB_TOOL, name: 'lab-tool', version: '3' }];
    const { body } = answer(held, [install(2, 'lab-tool', { channel: 'candidate' })], says(fellBack));
    expect(body).toMatchObject({
      results: [
        {
          'effective-channel': 'stable',
          snap: { revision: 3, download: { url: 'ours:kept/3/lab-tool_3.snap' } },
        },
      ],
    });
    expect(JSON.stringify(body)).not.toContain('99');
  });

  it('drops results that nobody asked for', () => {
    const { body } = answer(
      [],
      [install(2, 'lab-tool')],
      says(upstreamTool, { ...upstreamTool, 'instance-key': 'install-7' }, 'noise', null),
    );
    expect(body['results']).toHaveLength(1);
  });

  it('passes errors on, with a name', () => {
    const error = {
      code: 'revision-not-found',
      message: 'no',
      extra: { releases: [{ architecture: 'arm64', channel: 'edge' }] },
    };
    const { body } = answer(
      [],
      [install(2, 'lab-tool')],
      says({ result: 'error', 'instance-key': 'install-2', error }),
    );
    expect(body).toEqual({
      results: [{ result: 'error', 'instance-key': 'install-2', name: 'lab-tool', error }],
    });
  });

  it('passes on that a session must be renewed', () => {
    const errors = [{ code: 'device-authorization-needs-refresh', message: 'expired' }];
    const { body } = answer([], [install(2, 'lab-tool')], { kind: 'answered', results: [], errors });
    expect(body).toEqual({ results: [], 'error-list': errors });
  });

  it('says of an install without a result that the name is unknown, and of a refresh nothing', () => {
    const context = [installed(LAB_TOOL, 3)];
    const { body } = answer([], [install(1, 'nobody'), refresh(LAB_TOOL)], says(), { context });
    expect(body).toMatchObject({
      results: [{ result: 'error', name: 'nobody', error: { code: 'name-not-found' } }],
    });
    expect(body['results']).toHaveLength(1);
  });

  it.each<[string, JsonValue]>([
    ['without a digest', { url: 'https://upstream.example/x', size: 9 }],
    ['of another scheme', { url: 'file:///etc/passwd', size: 9, 'sha3-384': DIGEST }],
    ['without a size', { url: 'https://upstream.example/x', 'sha3-384': DIGEST }],
    ['that is none', 'https://upstream.example/x'],
  ])('is refused with a download %s', (_, download) => {
    const broken = { ...upstreamTool, snap: { ...(upstreamTool['snap'] as JsonObject), download } };
    const { body } = answer([], [install(2, 'lab-tool')], says(broken));
    expect(body).toMatchObject({
      results: [{ result: 'error', name: 'lab-tool', error: { code: 'upstream-malformed' } }],
    });
  });

  it('is refused with another revision than was asked for', () => {
    const { body } = answer([], [install(2, 'lab-tool', { revision: 4 })], says(upstreamTool));
    expect(body).toMatchObject({ results: [{ error: { code: 'upstream-malformed' } }] });
  });
});

describe('without upstream', () => {
  it('answers what is decided, and says of the rest why not', () => {
    const context = [installed(LAB_TOOL, 3)];
    const { body } = answer([{}], [refresh(LAB_TOOL), install(1, 'lab-hello')], gone, { context });
    expect(body).toMatchObject({
      results: [
        {
          result: 'error',
          'instance-key': LAB_TOOL,
          'snap-id': LAB_TOOL,
          name: LAB_TOOL,
          error: { code: 'upstream-unavailable' },
        },
        { result: 'install', snap: { revision: 2 } },
      ],
    });
  });
});

describe('what is withheld', () => {
  it('has no result, and is told apart', () => {
    const { body, withheld } = answer([{ snap: { epoch: 1 } }], [refresh(LAB_HELLO)], says(), {
      context: [installed(LAB_HELLO, 1)],
    });
    expect(body).toEqual({ results: [] });
    expect(withheld).toMatchObject([{ subject: LAB_HELLO }]);
  });
});

describe('a request that snapd would not send', () => {
  it.each<[string, JsonValue[], JsonObject]>([
    [
      'two groups of assertions with one key',
      ['A', 'A'].map((key) => ({ action: 'fetch-assertions', key, assertions: [] })),
      {},
    ],
    ['a refresh without context', [refresh(LAB_HELLO)], {}],
    [
      'a refresh of another snap than its context',
      [refresh(LAB_TOOL, { 'instance-key': LAB_HELLO })],
      { context: [installed(LAB_HELLO, 1)] },
    ],
    ['two actions with one key', [install(1, 'lab-hello'), install(1, 'lab-tool')], {}],
  ])('is refused: %s', (_, actions, rest) => {
    expect(() => plan([], actions, rest)).toThrow(expect.objectContaining({ code: 'bad-request' }));
  });
});
