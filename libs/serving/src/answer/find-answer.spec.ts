import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#kernel';
import { RingAccess } from '../policy/ring-access.js';
import type { RingView } from './decide-action.js';
import { findInManifests, patchedFind, type FindQuery } from './find-answer.js';
import { holding, LAB_HELLO, LAB_TOOL, type HeldForTest } from './testing-manifests.js';

const addresses = {
  kept: (_: unknown, file: string) => `ours:kept/${file}`,
  relayed: (_: unknown, file: string) => `ours:relayed/${file}`,
  media: (upstream: string) => `ours:media/${upstream.slice(-4)}`,
};
const asked: FindQuery = {
  architecture: 'amd64',
  q: undefined,
  name: undefined,
  commonId: undefined,
  category: undefined,
  channel: undefined,
  private: false,
};

const upstream = (channel: string, snapId = LAB_HELLO): JsonObject => ({
  results: [
    {
      name: 'lab-hello',
      'snap-id': snapId,
      snap: { title: 'Hello', media: [{ type: 'icon', url: 'https://upstream.example/icon' }] },
      revision: { channel, revision: 9, version: '9', download: { size: 9 } },
    },
  ],
});

function ring(access: RingView['access'], ...held: HeldForTest[]): RingView {
  return { access, held: holding(...held) };
}

function shown(found: JsonObject): string[] {
  const results = found['results'] as { name: string; revision: { revision: number; channel: string } }[];
  return results.map(({ name, revision }) => `${name} ${revision.revision} ${revision.channel}`);
}

describe('what upstream finds', () => {
  it.each(['stable', 'latest/stable'])('has the held revision in its channel: %s', (channel) => {
    const found = patchedFind(ring(RingAccess.open, {}), asked, upstream(channel), addresses);
    expect(shown(found)).toEqual([`lab-hello 2 ${channel}`]);
    expect(found['results']).toMatchObject([
      { snap: { media: [{ url: 'ours:media/icon' }] }, revision: { version: '1.2', confinement: 'strict' } },
    ]);
  });

  it('stays as it is in another channel, for another architecture, and of another snap', () => {
    expect(shown(patchedFind(ring(RingAccess.open, {}), asked, upstream('edge'), addresses))).toEqual([
      'lab-hello 9 edge',
    ]);
    const arm = { ...asked, architecture: 'arm64' };
    expect(shown(patchedFind(ring(RingAccess.open, {}), arm, upstream('stable'), addresses))).toEqual([
      'lab-hello 9 stable',
    ]);
    const other = patchedFind(ring(RingAccess.open, {}), asked, upstream('stable', LAB_TOOL), addresses);
    expect(shown(other)).toEqual(['lab-hello 9 stable']);
  });

  it('is not found at another revision while the held one cannot be read', () => {
    expect(
      shown(patchedFind(ring(RingAccess.open, { unreadable: true }), asked, upstream('stable'), addresses)),
    ).toEqual([]);
  });

  it.each(['https://upstream.example/hello', 'no address', 7])(
    'is whole without an address right in it, or in the answer: %j',
    (url) => {
      const said = upstream('edge');
      const [result] = said['results'] as JsonObject[];
      const found = patchedFind(
        ring(RingAccess.open),
        asked,
        { ...said, url, results: [{ ...result, url }] },
        addresses,
      );
      expect(found).toEqual(patchedFind(ring(RingAccess.open), asked, said, addresses));
      expect(shown(found)).toEqual(['lab-hello 9 edge']);
    },
  );

  it.each([{}, { results: null }, { results: ['nonsense', 7] }])('may be nonsense: %j', (found) => {
    expect(patchedFind(ring(RingAccess.open, {}), asked, found, addresses)).toEqual({ results: [] });
  });
});

describe('what a ring finds by itself', () => {
  const two = ring(
    RingAccess.gated,
    { snap: { summary: 'Greets', 'common-ids': ['org.lab.hello'] } },
    { channel: 'latest/edge', version: '5' },
    { subject: LAB_TOOL, name: 'lab-tool', channel: '2.0/stable', version: '3' },
    { subject: LAB_TOOL, name: 'lab-tool', architecture: 'arm64', version: '4' },
  );
  const find = (query: Partial<FindQuery>) => shown(findInManifests(two, { ...asked, ...query }, addresses));

  it('is each snap once: in latest/stable, or where it is held', () => {
    expect(find({})).toEqual(['lab-hello 2 stable', 'lab-tool 3 2.0/stable']);
    expect(find({ architecture: 'arm64' })).toEqual(['lab-tool 4 stable']);
  });

  it('is what stands in the asked channel', () => {
    expect(find({ channel: 'latest/edge' })).toEqual(['lab-hello 5 edge']);
    expect(find({ channel: 'latest/beta' })).toEqual([]);
  });

  it('matches words, the beginning of a name, a common id', () => {
    expect(find({ q: 'GREETS hello' })).toEqual(['lab-hello 2 stable']);
    expect(find({ q: 'greets tool' })).toEqual([]);
    expect(find({ name: 'lab-t' })).toEqual(['lab-tool 3 2.0/stable']);
    expect(find({ commonId: 'org.lab.hello' })).toEqual(['lab-hello 2 stable']);
  });

  it('is nothing of a category, or of an account', () => {
    expect(find({ category: 'featured' })).toEqual([]);
    expect(find({ private: true })).toEqual([]);
  });

  it('has no address of its own to fetch', () => {
    const text = JSON.stringify(findInManifests(two, asked, addresses));
    expect(text).toContain('ours:kept/lab-hello_2.snap');
    expect(text).not.toContain('http');
  });
});
