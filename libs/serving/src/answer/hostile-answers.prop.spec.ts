import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '#kernel';
import { parseRefreshRequest } from '#snap';
import { RingAccess } from '../policy/ring-access.js';
import { patchedNames } from './catalogue-answer.js';
import { patchedFind } from './find-answer.js';
import { finishRefresh } from './finish-refresh.js';
import { patchedInfo } from './info-answer.js';
import { planRefresh } from './plan-refresh.js';
import { readActions } from './read-actions.js';
import { holding, LAB_HELLO, LAB_TOOL } from './testing-manifests.js';

const addresses = {
  kept: (_: unknown, file: string) => `ours:kept/${file}`,
  relayed: (_: unknown, file: string) => `ours:relayed/${file}`,
  media: () => 'ours:media',
};
const held = holding({}, { channel: '2.0/stable', version: '5' });
const rings = [RingAccess.open, RingAccess.gated].map((access) => ({ access, held }));

const THEIRS = 'https://upstream.example/';
const download = { url: `${THEIRS}a`, size: 9, 'sha3-384': 'ab'.repeat(48) };
const snap = {
  name: 'lab-tool',
  'snap-id': LAB_TOOL,
  revision: 3,
  title: 'Tool',
  media: [{ type: 'icon', url: `${THEIRS}icon` }],
  publisher: { id: 'lab', username: 'lab' },
  download: { ...download, deltas: [{ format: 'xdelta3', source: 2, target: 3, ...download }] },
};
const at = (risk: string) => ({ architecture: 'amd64', track: 'latest', risk, name: risk });
const info: JsonObject = {
  'channel-map': [
    { channel: at('stable'), revision: 3, version: '3', download },
    { channel: at('edge'), revision: 4, version: '4', download },
  ],
  name: 'lab-hello',
  'snap-id': LAB_HELLO,
  'default-track': null,
  snap,
};
const found: JsonObject = {
  results: [
    { name: 'lab-hello', 'snap-id': LAB_HELLO, snap, revision: { channel: 'stable', revision: 3, download } },
    { name: 'lab-tool', 'snap-id': LAB_TOOL, snap, revision: { channel: 'edge', revision: 4, download } },
  ],
};
const refreshed: JsonObject = {
  results: [
    {
      result: 'install',
      'instance-key': 'install-1',
      'snap-id': LAB_TOOL,
      name: 'lab-tool',
      'effective-channel': 'stable',
      'redirect-channel': '2.0/stable',
      snap,
    },
    {
      result: 'error',
      'instance-key': 'install-2',
      name: 'lab-more',
      error: { code: 'revision-not-found', message: 'none', extra: { releases: [at('edge')] } },
    },
  ],
};
const names: JsonObject = {
  _embedded: { 'clickindex:package': [{ package_name: 'lab-hello', apps: ['a'] }, { package_name: 'b' }] },
};

/** A store's good answer with a member, however deep, that is something else, or one more. */
function altered(good: JsonObject): fc.Arbitrary<JsonObject> {
  const anything = fc.oneof(
    fc.jsonValue() as fc.Arbitrary<JsonValue>,
    fc.constantFrom<JsonValue>(null, [], {}, [null], `${THEIRS}x`, { url: `${THEIRS}x` }, { url: 7 }, -1),
  );
  const name = fc.constantFrom('url', 'type', 'download', 'snap', 'revision', 'channel', '__proto__', 'x');
  return fc
    .tuple(fc.constantFrom(...placesIn(good)), fc.option(name, { nil: undefined }), anything)
    .map(([place, more, value]) => replaced(good, more === undefined ? place : [...place, more], value));
}

type Place = readonly (string | number)[];

function placesIn(value: JsonValue, here: Place = []): Place[] {
  if (typeof value !== 'object' || value === null) return here.length === 0 ? [] : [here];
  const members = Array.isArray(value)
    ? (value as readonly JsonValue[]).map((item, index) => [index, item] as const)
    : Object.entries(value as JsonObject);
  return [
    ...(here.length === 0 ? [] : [here]),
    ...members.flatMap(([key, item]) => placesIn(item, [...here, key])),
  ];
}

function replaced(good: JsonObject, place: Place, value: JsonValue): JsonObject {
  const copy = structuredClone(good) as unknown;
  let inner = copy;
  for (const key of place.slice(0, -1)) {
    if (typeof inner !== 'object' || inner === null) return copy as JsonObject;
    inner = (inner as Record<string | number, unknown>)[key];
  }
  const last = place.at(-1);
  if (typeof inner === 'object' && inner !== null && last !== undefined)
    Object.defineProperty(inner, last, { value, enumerable: true, configurable: true, writable: true });
  return copy as JsonObject;
}

/** What snapd fetches of an answer: each `url`, wherever it stands. */
function fetched(answer: JsonValue): readonly JsonValue[] {
  const urls: JsonValue[] = [];
  JSON.stringify(answer, (key, value: JsonValue) => {
    if (key === 'url') urls.push(value);
    return value;
  });
  return urls;
}

function nothingOfTheirs(answer: JsonValue): void {
  for (const url of fetched(answer)) expect(url).toMatch(/^ours:/);
}

const query = { architecture: 'amd64', fields: undefined };

describe('a store’s answer with anything in the place of anything', () => {
  it('to info is answered, and no address but ours is in it', () => {
    fc.assert(
      fc.property(altered(info), fc.constantFrom(...rings), (said, ring) => {
        for (const fields of [undefined, ['revision', 'download', 'media']])
          nothingOfTheirs(patchedInfo(ring, { ...query, name: 'lab-hello', fields }, said, addresses));
      }),
      { numRuns: 200 },
    );
  });

  it('to a search is answered, and no address but ours is in it', () => {
    const asked = { q: 'lab', name: undefined, commonId: undefined, category: undefined, channel: undefined };
    fc.assert(
      fc.property(altered(found), fc.constantFrom(...rings), (said, ring) => {
        nothingOfTheirs(patchedFind(ring, { ...query, ...asked, private: false }, said, addresses));
      }),
      { numRuns: 200 },
    );
  });

  it('to a refresh is answered, and no address but ours is in it', () => {
    const install = (n: number, name: string) => ({
      action: 'install',
      'instance-key': `install-${n}`,
      name,
      epoch: null,
    });
    const actions = [install(1, 'lab-tool'), install(2, 'lab-more'), install(3, 'lab-hello')];
    const { snaps } = readActions(parseRefreshRequest({ context: [], actions }));
    fc.assert(
      fc.property(altered(refreshed), fc.constantFrom(...rings), ({ results }, ring) => {
        fc.pre(Array.isArray(results));
        const plan = planRefresh(ring, snaps, undefined, 'amd64');
        const says = { kind: 'answered', results: results as readonly JsonValue[] } as const;
        const { body } = finishRefresh(plan, says, addresses);
        nothingOfTheirs(body);
        expect(body['results']).toContainEqual(expect.objectContaining({ 'instance-key': 'install-3' }));
      }),
      { numRuns: 200 },
    );
  });

  it('to names is answered as snapd’s parser wants it', () => {
    fc.assert(
      fc.property(altered(names), fc.constantFrom(...rings), (said, { access }) => {
        const answer = JSON.stringify(patchedNames(access, held, said));
        expect(answer.startsWith('{"_embedded":{"clickindex:package":[')).toBe(true);
      }),
    );
  });
});
