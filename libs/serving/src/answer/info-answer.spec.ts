import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '#kernel';
import { RingAccess } from '../policy/ring-access.js';
import { infoFromManifests, patchedInfo, type InfoQuery } from './info-answer.js';
import { holding, LAB_HELLO, type HeldForTest } from './testing-manifests.js';

const addresses = {
  kept: (_: unknown, file: string) => `ours:kept/${file}`,
  relayed: (_: unknown, file: string) => `ours:relayed/${file}`,
  media: (upstream: string) => `ours:media/${upstream.slice(-8)}`,
};
const query: InfoQuery = {
  name: 'lab-hello',
  architecture: 'amd64',
  fields: ['revision', 'version', 'download'],
};

function entry(channel: string, revision: number, architecture = 'amd64'): JsonObject {
  const [track = '', risk = ''] = channel.split('/');
  return {
    channel: {
      architecture,
      track,
      risk,
      name: channel.replace('latest/', ''),
      'released-at': '2026-01-01T00:00:00Z',
    },
    revision,
    version: `0.${revision}`,
    download: { url: `http://upstream/${revision}`, size: 5, 'sha3-384': 'cd'.repeat(48) },
  };
}

function info(...map: JsonValue[]): JsonObject {
  return {
    'channel-map': map,
    name: 'lab-hello',
    'snap-id': LAB_HELLO,
    'default-track': null,
    snap: { title: 'Hello', media: [{ type: 'icon', url: 'http://upstream/icon' }] },
  };
}

function shown(
  held: HeldForTest[],
  from: JsonObject,
  access: RingAccess = RingAccess.open,
  asked = query,
): string[] {
  const { 'channel-map': map } = patchedInfo({ access, held: holding(...held) }, asked, from, addresses);
  return (map as unknown as { channel: { name: string; architecture: string }; revision: number }[]).map(
    ({ channel, revision }) => `${channel.architecture} ${channel.name} ${revision}`,
  );
}

describe('patchedInfo', () => {
  const upstream = info(entry('latest/stable', 7), entry('latest/edge', 9));

  it('shows the held revision in the place of upstream one', () => {
    expect(shown([{}], upstream)).toEqual(['amd64 stable 2', 'amd64 edge 9']);
  });

  it('shows a held channel that upstream has closed', () => {
    expect(shown([{ channel: '2.0/beta' }], upstream)).toEqual([
      'amd64 stable 7',
      'amd64 edge 9',
      'amd64 2.0/beta 2',
    ]);
  });

  it('tells architectures apart', () => {
    const both = info(entry('latest/stable', 7), entry('latest/stable', 8, 'arm64'));
    expect(
      shown([{ architecture: 'arm64' }], both, RingAccess.open, { ...query, architecture: undefined }),
    ).toEqual(['amd64 stable 7', 'arm64 stable 2']);
    expect(shown([{ architecture: 'arm64' }], info(entry('latest/stable', 7)))).toEqual(['amd64 stable 7']);
  });

  it('shows nothing in the place of a held revision that cannot be read', () => {
    expect(shown([{ unreadable: true }], upstream)).toEqual(['amd64 edge 9']);
  });

  it('shows of a gated ring what it holds', () => {
    expect(shown([{}], upstream, RingAccess.gated)).toEqual(['amd64 stable 2']);
  });

  it('tells a branch from its risk', () => {
    const branch = entry('latest/stable', 11);
    const named = { ...branch, channel: { ...(branch['channel'] as JsonObject), name: 'stable/fix' } };
    expect(shown([{}], info(named))).toEqual(['amd64 stable/fix 11', 'amd64 stable 2']);
  });

  it('has our addresses, of the icon too, and the fields asked for', () => {
    const patched = patchedInfo({ access: RingAccess.open, held: holding({}) }, query, upstream, addresses);
    expect(patched).toMatchObject({
      'channel-map': [
        { revision: 2, version: '1.2', download: { url: 'ours:kept/lab-hello_2.snap' } },
        { revision: 9, download: { url: 'ours:relayed/lab-hello_9.snap' } },
      ],
      snap: { title: 'Hello', media: [{ type: 'icon', url: 'ours:media/eam/icon' }] },
    });
    expect(patched['channel-map']).not.toMatchObject([{ confinement: 'strict' }]);
    expect(JSON.stringify(patched)).not.toContain('http://upstream');
  });
});

describe('patchedInfo of an answer with an address right in it, or in its channel map', () => {
  it.each(['https://upstream.example/hello', 'no address', 7])('is whole without it: %j', (url) => {
    const ring = { access: RingAccess.open, held: holding({}) };
    const [stable, edge] = [entry('latest/stable', 7), entry('latest/edge', 9)];
    for (const fields of [query.fields, undefined]) {
      const asked = { ...query, fields };
      const patched = patchedInfo(ring, asked, { ...info(stable, { ...edge, url }), url }, addresses);
      expect(patched).toEqual(patchedInfo(ring, asked, info(stable, edge), addresses));
    }
  });
});

describe('infoFromManifests', () => {
  it('shows what is held, with the details of the manifest', () => {
    expect(infoFromManifests({ access: RingAccess.open, held: holding({}) }, query, addresses)).toMatchObject(
      {
        'channel-map': [
          {
            channel: { name: 'stable', track: 'latest', risk: 'stable', architecture: 'amd64' },
            revision: 2,
          },
        ],
        name: 'lab-hello',
        'snap-id': LAB_HELLO,
        'default-track': null,
        snap: { title: 'Hello', media: [] },
      },
    );
  });

  it.each<[string, HeldForTest[], InfoQuery]>([
    ['of another name', [{}], { ...query, name: 'lab-tool' }],
    ['of another architecture', [{}], { ...query, architecture: 'arm64' }],
    ['that cannot be read', [{ unreadable: true }], query],
  ])('says nothing of a snap %s', (_, held, asked) => {
    expect(
      infoFromManifests({ access: RingAccess.open, held: holding(...held) }, asked, addresses),
    ).toBeUndefined();
  });
});
