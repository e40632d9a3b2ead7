import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#kernel';
import { compare, type Question } from './compare.js';

const ID = 'labhelloidlabhelloidlabhelloid01';
const json = (value: unknown, status = 200) => ({ status, body: Buffer.from(JSON.stringify(value)) });
const question = (body: unknown, more: Partial<Question> = {}): Question => ({
  endpoint: 'refresh',
  name: '',
  architecture: 'amd64',
  body: Buffer.from(JSON.stringify(body)),
  ...more,
});
const install = (name: string) => ({ action: 'install', 'instance-key': name, name, channel: 'stable' });
const installs = (...names: string[]) => question({ context: [], actions: names.map(install) });
const result = (name: string, snap: JsonObject, more: JsonObject = {}) => ({
  result: 'install',
  'instance-key': name,
  'snap-id': ID,
  name,
  snap,
  ...more,
});
const snap = (revision: number, more: JsonObject = {}) => ({
  revision,
  version: '1',
  download: { url: `http://${Math.random()}/`, size: 9, 'sha3-384': 'ab'.repeat(48) },
  ...more,
});
const answers = (...results: unknown[]) => json({ results });

describe('answers to a refresh', () => {
  it('are equal in any order, with other addresses, and with members that one of both leaves out', () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{2,8}$/), { minLength: 1, maxLength: 8 });
    const shuffled = names.chain((given) =>
      fc.tuple(fc.constant(given), fc.shuffledSubarray(given, { minLength: given.length })),
    );
    fc.assert(
      fc.property(shuffled, fc.integer({ min: 1 }), ([given, other], revision) => {
        const theirs = given.map((name) => result(name, snap(revision)));
        const ours = other.map((name) => ({ ...result(name, { revision }), 'effective-channel': 'stable' }));
        expect(compare(installs(...given), answers(...theirs), answers(...ours))).toEqual([]);
      }),
    );
  });

  it('differ by revision, digest, size, version, name, kind and error', () => {
    const other: readonly (readonly [unknown, string, string])[] = [
      [result('a', snap(2)), 'revision 1', 'revision 2'],
      [result('a', snap(1, { version: '2' })), 'revision 1, version 1', 'revision 1, version 2'],
      [
        result('a', snap(1, { download: { size: 10, 'sha3-384': 'cd'.repeat(48) } })),
        `revision 1, size 9, sha3-384 ${'ab'.repeat(8)}`,
        `revision 1, size 10, sha3-384 ${'cd'.repeat(8)}`,
      ],
      [result('a', snap(1), { name: 'b' }), 'revision 1, name a', 'revision 1, name b'],
      [
        result('a', snap(1), { result: 'download' }),
        'revision 1, result install',
        'revision 1, result download',
      ],
      [
        { result: 'error', 'instance-key': 'a', error: { code: 'name-not-found', message: 'x' } },
        'revision 1',
        'error name-not-found',
      ],
      [{}, 'revision 1', 'no answer'],
    ];
    for (const [theirs, incumbent, ours] of other)
      expect(compare(installs('a'), answers(result('a', snap(1))), answers(theirs))).toEqual([
        { snapId: ID, name: 'a', where: 'stable amd64', incumbent, ours },
      ]);
  });

  it('that name what a device has say as much as those that say nothing', () => {
    const context = [
      { 'snap-id': ID, 'instance-key': 'k', revision: 7, 'tracking-channel': 'latest/stable' },
    ];
    const asked = question({ context, actions: [{ action: 'refresh', 'instance-key': 'k', 'snap-id': ID }] });
    const named = (revision: number) =>
      answers({ result: 'refresh', 'instance-key': 'k', 'snap-id': ID, name: 'a', snap: { revision } });
    expect(compare(asked, named(7), answers())).toEqual([]);
    expect(compare(asked, named(8), answers())).toMatchObject([
      { incumbent: 'revision 8', ours: 'no update', where: 'latest/stable amd64', snapId: ID },
    ]);
  });

  it('of assertions are compared by their kind', () => {
    const actions = [{ action: 'fetch-assertions', key: 'g', assertions: [] }];
    const said = (value: JsonObject) => answers({ key: 'g', ...value });
    const streams = { result: 'fetch-assertions', 'assertion-stream-urls': ['http://a'] };
    const asked = question({ context: [], actions });
    expect(compare(asked, said(streams), said({ ...streams, 'assertion-stream-urls': [] }))).toEqual([]);
    expect(
      compare(asked, said(streams), said({ result: 'error', error: { code: 'not-found' } })),
    ).toMatchObject([{ name: 'assertions', incumbent: 'fetch-assertions', ours: 'error not-found' }]);
  });
});

describe('other answers', () => {
  it('to info differ by what both say of a channel', () => {
    const entry = (risk: string, revision: number) => ({
      channel: { architecture: 'amd64', track: 'latest', risk, name: risk },
      revision,
    });
    const info = (...map: unknown[]) => json({ 'snap-id': ID, name: 'a', 'channel-map': map });
    const asked = question({}, { endpoint: 'info', name: 'a' });
    expect(
      compare(asked, info(entry('stable', 1), entry('edge', 4)), info(entry('edge', 4), entry('stable', 1))),
    ).toEqual([]);
    expect(compare(asked, info(entry('stable', 1), entry('edge', 4)), info(entry('stable', 2)))).toEqual([
      {
        snapId: ID,
        name: 'a',
        where: 'latest/stable amd64',
        incumbent: 'revision 1',
        ours: 'revision 2',
      },
    ]);
  });

  it('to a search differ by what is found', () => {
    const found = (name: string, revision: number) => ({ name, revision: { revision }, snap: {} });
    const asked = question({}, { endpoint: 'find' });
    const [one, two] = [found('a', 1), found('b', 1)];
    expect(compare(asked, json({ results: [one, two] }), json({ results: [two, one] }))).toEqual([]);
    expect(compare(asked, json({ results: [one, two] }), json({ results: [found('b', 3)] }))).toMatchObject([
      { name: 'a', incumbent: 'found', ours: 'not found' },
      { name: 'b', incumbent: 'found, at revision 1', ours: 'found, at revision 3' },
    ]);
  });

  it('differ by their status, which says for which snap it may be', () => {
    const asked = question({}, { endpoint: 'assertion', name: `snap-declaration/16/${ID}` });
    const missing = json({ 'error-list': [{ code: 'not-found', message: 'x' }] }, 404);
    expect(compare(asked, missing, missing)).toEqual([]);
    expect(compare(asked, missing, { status: 200, body: Buffer.from('type: x') })).toMatchObject([
      { snapId: ID, incumbent: 'status 404, error not-found', ours: 'status 200' },
    ]);
  });
});

describe('nothing is said', () => {
  const good = answers(result('a', snap(1)));
  it.each([
    ['incumbent-failed', json({}, 500), good],
    ['incumbent-failed', json({}, 429), good],
    ['session', json({}, 401), good],
    ['session', good, json({}, 401)],
    ['ours-failed', good, json({}, 429)],
    ['incumbent-unreadable', { status: 200, body: Buffer.from('<html>200</html>') }, good],
    ['incumbent-unreadable', json({ results: 'none' }), good],
    ['incumbent-unreadable', { status: 200, body: Buffer.from('['.repeat(100_000)) }, good],
  ])('%s', (reason, incumbent, ours) => {
    expect(compare(installs('a'), incumbent, ours)).toBe(reason);
  });

  it('whatever the incumbent answers, nothing is thrown', () => {
    const endpoints = ['refresh', 'info', 'find', 'assertion'] as const;
    const value = fc.oneof(
      fc.jsonValue(),
      fc.record({
        results: fc.array(fc.oneof(fc.jsonValue(), fc.constant(result('a', snap(1))))),
        'channel-map': fc.array(fc.jsonValue()),
      }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...endpoints), value, (endpoint, body) => {
        const asked = { ...installs('a'), endpoint };
        const told = compare(asked, json(body), json(body));
        expect(told === 'incumbent-unreadable' || told.length === 0).toBe(true);
      }),
    );
  });
});
