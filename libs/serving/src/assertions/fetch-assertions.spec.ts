import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '#kernel';
import { parseAssertion, type AssertionRequest } from '#snap';
import { RingAccess } from '../policy/ring-access.js';
import type { UpstreamSays } from '../answer/finish-refresh.js';
import { LAB_HELLO, LAB_TOOL } from '../answer/testing-manifests.js';
import { upstreamPath } from './assertion-request.js';
import { finishFetch, type SeenAssertion } from './finish-fetch.js';
import { planFetch, type AssertionsView } from './fetch-plan.js';
import { filterStream } from './filter-stream.js';
import { capturedWith, declaration } from './testing-declarations.js';

const open: AssertionsView = { access: RingAccess.open, assertions: capturedWith([declaration(5)]) };
const gated: AssertionsView = { ...open, access: RingAccess.gated };
const formats = { 'snap-declaration': 6 };
const gone: UpstreamSays = {
  kind: 'failed',
  error: { code: 'upstream-unavailable', message: 'it is gone' },
};

const declarationOf = (snapId: string, known?: number): AssertionRequest => ({
  type: 'snap-declaration',
  'primary-key': ['16', snapId],
  ...(known === undefined ? {} : { 'if-newer-than': known }),
});
const account: AssertionRequest = { type: 'account', 'primary-key': ['acme'], 'if-newer-than': 3 };
const says = (more: JsonObject): UpstreamSays => ({
  kind: 'answered',
  results: [{ result: 'fetch-assertions', key: 'A', ...more }],
});

/** @param seen on our disk, by path: the revision, of an assertion that is of no sequence */
async function fetched(
  ring: AssertionsView,
  assertions: AssertionRequest[],
  upstream: UpstreamSays,
  seen: Record<string, number | SeenAssertion> = {},
) {
  const group = planFetch(ring, { action: 'fetch-assertions', key: 'A', assertions }, 0, formats);
  const addresses = {
    one: (query: Parameters<typeof upstreamPath>[0]) => `ours:${upstreamPath(query)}`,
    relayed: (url: string) => `ours:${url}`,
  };
  const result = await finishFetch(group, upstream, addresses, (query) => {
    const found = seen[upstreamPath(query)];
    return Promise.resolve(typeof found === 'number' ? { revision: found, primaryKey: [] } : found);
  });
  expect(result).toMatchObject({ result: 'fetch-assertions', key: 'A' });
  const errors = (result['error-list'] ?? []) as { code: string; type: string }[];
  return { urls: result['assertion-stream-urls'], errors: errors.map(({ code, type }) => `${code} ${type}`) };
}

const OURS = `ours:/v2/assertions/snap-declaration/16/${LAB_HELLO}?max-format=6`;

describe('fetch-assertions', () => {
  it('gives what was captured, whatever upstream has, to a device that has less', async () => {
    for (const known of [undefined, 0, 4])
      expect(await fetched(open, [declarationOf(LAB_HELLO, known)], gone)).toEqual({
        urls: [OURS],
        errors: [],
      });
    for (const known of [5, 6])
      expect(await fetched(open, [declarationOf(LAB_HELLO, known)], gone)).toEqual({ urls: [], errors: [] });
  });

  it('asks upstream for the rest, and gives out its streams as ours', async () => {
    const upstream = says({ 'assertion-stream-urls': ['https://upstream.example/s'] });
    expect(await fetched(open, [declarationOf(LAB_TOOL), account], upstream)).toEqual({
      urls: ['ours:https://upstream.example/s'],
      errors: [],
    });
  });

  it('passes on what upstream does not have, of what was asked for', async () => {
    const error = { code: 'not-found', message: 'no', type: 'account', 'primary-key': ['acme'] };
    const other = { ...error, 'primary-key': ['somebody'] };
    const upstream = says({ 'assertion-stream-urls': [], 'error-list': [error, other, 'nonsense'] });
    expect(await fetched(open, [account], upstream)).toEqual({ urls: [], errors: ['not-found account'] });
  });

  it.each<[string, UpstreamSays]>([
    ['no result', { kind: 'answered', results: [] }],
    ['another group', { kind: 'answered', results: [{ result: 'fetch-assertions', key: 'B' }] }],
    ['no list', says({ 'assertion-stream-urls': 'https://upstream.example/s' })],
    [
      'more streams than anybody has',
      says({ 'assertion-stream-urls': Array.from({ length: 1_001 }, () => 'https://upstream.example/s') }),
    ],
    ['what is no web address', says({ 'assertion-stream-urls': ['file:///etc/passwd'] })],
  ])('fails the group when upstream answers with %s', async (_, upstream) => {
    expect(await fetched(open, [account], upstream)).toEqual({
      urls: [],
      errors: ['upstream-malformed account'],
    });
  });

  it('in a gated ring knows of no declaration but the approved ones', async () => {
    const upstream = says({ 'assertion-stream-urls': [] });
    expect(
      await fetched(gated, [declarationOf(LAB_TOOL), declarationOf(LAB_HELLO), account], upstream),
    ).toEqual({
      urls: [OURS],
      errors: ['not-found snap-declaration'],
    });
  });

  it('without upstream gives what was last seen, and takes a device that has it for up to date', async () => {
    const path = '/v2/assertions/account/acme?max-format=0';
    expect(await fetched(open, [account], gone, { [path]: 4 })).toEqual({
      urls: [`ours:${path}`],
      errors: [],
    });
    expect(await fetched(open, [account], gone, { [path]: 3 })).toEqual({ urls: [], errors: [] });
    expect(await fetched(open, [account], gone)).toEqual({ urls: [], errors: [] });
  });

  it('without upstream says of what was never seen that it cannot be had now, not that there is none', async () => {
    const fresh: AssertionRequest = { type: 'account', 'primary-key': ['acme'] };
    expect((await fetched(open, [fresh], gone)).errors).toEqual(['upstream-unavailable account']);
    const store: AssertionRequest = { type: 'store', 'primary-key': ['brand'] };
    expect((await fetched(open, [store], gone)).errors).toEqual(['not-found store']);
  });

  it.each<[AssertionRequest, string]>([
    [{ type: 'validation-set', 'sequence-key': ['16', 'acme', 'set'] }, 'sequence=latest'],
    [{ type: 'validation-set', 'sequence-key': ['16', 'acme', 'set'], sequence: 2 }, 'sequence=2'],
  ])('asks for a sequence as a single GET does: %j', async (request, sequence) => {
    const path = `/v2/assertions/validation-set/16/acme/set?max-format=0&${sequence}`;
    expect((await fetched(open, [request], gone, { [path]: 0 })).urls).toEqual([`ours:${path}`]);
  });

  it.each<[string, Partial<AssertionRequest>, boolean]>([
    ['has none', {}, true],
    [
      'has an earlier one, of a higher revision',
      { 'if-sequence-equal-or-newer-than': 1, 'if-newer-than': 9 },
      true,
    ],
    ['has it, of a lower revision', { 'if-sequence-equal-or-newer-than': 2, 'if-newer-than': 3 }, true],
    ['has it', { 'if-sequence-equal-or-newer-than': 2, 'if-newer-than': 4 }, false],
    [
      'has a later one, of a lower revision',
      { 'if-sequence-equal-or-newer-than': 3, 'if-newer-than': 0 },
      false,
    ],
    ['wants one after an earlier one', { 'if-sequence-newer-than': 1 }, true],
    ['wants one after it', { 'if-sequence-newer-than': 2 }, false],
  ])(
    'without upstream gives the latest of a sequence to a device that %s: %j is %s',
    async (_, known, given) => {
      const path = '/v2/assertions/validation-set/16/acme/set?max-format=0&sequence=latest';
      const seen = { revision: 4, primaryKey: ['16', 'acme', 'set', '2'] };
      const request = { type: 'validation-set', 'sequence-key': ['16', 'acme', 'set'], ...known };
      expect(await fetched(open, [request], gone, { [path]: seen })).toEqual({
        urls: given ? [`ours:${path}`] : [],
        errors: [],
      });
    },
  );

  it.each<[Partial<AssertionRequest>, readonly string[]]>([
    [{}, ['upstream-unavailable validation-set']],
    [{ sequence: 2 }, ['upstream-unavailable validation-set']],
    [{ 'if-sequence-equal-or-newer-than': 1 }, []],
    [{ 'if-sequence-newer-than': 1 }, []],
    [{ sequence: 2, 'if-newer-than': 0 }, []],
  ])(
    'without upstream and with nothing seen of a sequence, says so to who has none: %j',
    async (known, errors) => {
      const request = { type: 'validation-set', 'sequence-key': ['16', 'acme', 'set'], ...known };
      expect(await fetched(open, [request], gone)).toEqual({ urls: [], errors });
    },
  );
});

describe('a stream of upstream', () => {
  const [newer, other] = [declaration(9), declaration(1, 0, LAB_TOOL)].map((text) => parseAssertion(text));
  const stream = [newer, other].filter((assertion) => assertion !== undefined);
  const shown = (ring: AssertionsView, max: Record<string, number> = formats): JsonValue =>
    filterStream(stream, ring, max).map(({ primaryKey, revision }) => `${primaryKey[1]} ${revision}`);

  it('has what was approved in the place of what is newer', () => {
    expect(shown(open)).toEqual([`${LAB_HELLO} 5`, `${LAB_TOOL} 1`]);
  });

  it('has nothing else in a gated ring', () => {
    expect(shown(gated)).toEqual([`${LAB_HELLO} 5`]);
  });

  it('has nothing that the device does not understand', () => {
    const later = [parseAssertion(declaration(1, 4, LAB_TOOL))];
    expect(filterStream(later, open, { 'snap-declaration': 3 })).toEqual([]);
    expect(filterStream(later, open, formats)).toHaveLength(1);
  });
});
