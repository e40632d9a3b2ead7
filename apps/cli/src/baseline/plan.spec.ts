import { describe, expect, it } from 'vitest';
import type { InstalledRevisionRow } from '../api/types.js';
import { itemsOf, planBaseline, type BaselineWishes } from './plan.js';

const line = (name: string, revision: number, devices: number, more: Partial<InstalledRevisionRow> = {}) => ({
  snapId: `id-of-${name}`,
  name,
  revoked: false,
  failure: null,
  channel: 'latest/stable',
  architecture: 'amd64',
  revision,
  devices,
  unidentified: 0,
  lastSaidAt: '2026-11-26T12:00:00.000Z',
  ...more,
});
const nothing: BaselineWishes = { chosen: new Map(), leaveOut: new Set(), unidentified: false };
const plan = (lines: readonly InstalledRevisionRow[], wishes: Partial<BaselineWishes> = {}, held = []) =>
  planBaseline(lines, held, { ...nothing, ...wishes });
const place = { channel: 'latest/stable', architecture: 'amd64' };
const chosen = (...of: [string, ...number[]][]) =>
  new Map(of.map(([name, ...revisions]) => [name, new Set(revisions)]));

describe('what devices agree on', () => {
  it('is held, each channel and architecture by itself', () => {
    const lines = [
      line('core22', 10, 5),
      line('core22', 11, 2, { architecture: 'arm64' }),
      line('lab-hello', 3, 4),
      line('lab-hello', 7, 1, { channel: 'latest/edge' }),
      line('lab-tool', 2, 1, { channel: '22' }),
    ];
    const { holds, ...rest } = plan(lines);
    expect(rest).toEqual({ already: [], undecided: [], leftOut: [], unmet: [] });
    expect(itemsOf(holds)).toEqual([
      { snap: 'core22', ...place, revision: 10 },
      { snap: 'core22', ...place, architecture: 'arm64', revision: 11 },
      { snap: 'lab-hello', ...place, revision: 3 },
      { snap: 'lab-hello', ...place, channel: 'latest/edge', revision: 7 },
      { snap: 'lab-tool', ...place, channel: '22/stable', revision: 2 },
    ]);
    expect(holds[0]).toMatchObject({ devices: 5, deviate: 0, held: null });
  });

  it('is asked for where the ring holds nothing, or something else', () => {
    const lines = [line('core22', 10, 5), line('lab-hello', 3, 4)];
    const held = [
      { snap: 'core22', ...place, revision: 10 },
      { snap: 'lab-hello', ...place, revision: 2 },
    ];
    const { holds, already } = planBaseline(lines, held, nothing);
    expect(already).toMatchObject([{ snap: 'core22', revision: 10, held: 10 }]);
    expect(holds).toMatchObject([{ snap: 'lab-hello', revision: 3, held: 2 }]);
  });

  it('may be said in other words', () => {
    const lines = [
      line('lab-tool', 2, 1, { channel: '22' }),
      line('lab-tool', 2, 3, { channel: '22/stable' }),
    ];
    expect(plan(lines).holds).toMatchObject([{ channel: '22/stable', devices: 4, deviate: 0 }]);
    const risk = plan([line('lab-tool', 2, 1, { channel: 'stable' })]).holds;
    expect(risk).toMatchObject([{ channel: 'stable' }]);
  });
});

describe('where devices differ', () => {
  const lines = [
    line('core22', 9, 3),
    line('core22', 10, 3),
    line('core22', 11, 1),
    line('core22', 8, 1, { architecture: 'arm64' }),
  ];
  const held = (wishes: Partial<BaselineWishes>) => plan(lines, wishes).holds.map(({ revision }) => revision);

  it('nothing is held before it was said which, and each revision is counted', () => {
    const { holds, undecided } = plan(lines);
    expect(holds).toMatchObject([{ architecture: 'arm64', revision: 8 }]);
    expect(undecided).toEqual([
      {
        snap: 'core22',
        ...place,
        candidates: [
          { revision: 9, devices: 3 },
          { revision: 10, devices: 3 },
          { revision: 11, devices: 1 },
        ],
      },
    ]);
  });

  it('a preference says which: of equally many the newest', () => {
    expect(held({ prefer: 'most' })).toEqual([10, 8]);
    expect(held({ prefer: 'newest' })).toEqual([11, 8]);
    expect(plan(lines, { prefer: 'most' }).holds[0]).toMatchObject({ devices: 3, deviate: 4 });
  });

  it('a choice says which, before any preference, and only where devices have it', () => {
    expect(held({ chosen: chosen(['core22', 9]) })).toEqual([9, 8]);
    expect(held({ chosen: chosen(['core22', 9]), prefer: 'newest' })).toEqual([9, 8]);
    expect(plan(lines, { chosen: chosen(['core22', 9, 10]) }).undecided).toHaveLength(1);
  });

  it('a choice that no device has is told', () => {
    expect(plan(lines, { chosen: chosen(['core22', 9, 7], ['gone', 1]) }).unmet).toEqual([
      'core22=7',
      'gone=1',
    ]);
  });
});

describe('what cannot be held is left out, with the reason', () => {
  it.each<[string, Partial<InstalledRevisionRow>]>([
    ['upstream was not asked yet what it is', { name: null }],
    [
      'not known upstream (assertion-not-found: no declaration)',
      { name: null, failure: 'assertion-not-found: no declaration' },
    ],
    ['revoked upstream', { revoked: true }],
    ['no revision of the store', { revision: 0 }],
    ['the channel that devices name is none', { channel: 'a/b/c/d' }],
    ['only reports that no store vouches for name it', { devices: 0, unidentified: 2 }],
  ])('%s', (why, more) => {
    const { leftOut, holds } = plan([line('lab-hello', 3, 4, more)], { prefer: 'most' });
    expect(holds).toEqual([]);
    expect(leftOut).toMatchObject([{ snap: more.name === null ? 'id-of-lab-hello' : 'lab-hello', why }]);
  });

  it('and so is a name that two snaps go by', () => {
    const { leftOut, holds } = plan([
      line('lab-hello', 3, 4),
      line('lab-hello', 9, 1, { snapId: 'another' }),
    ]);
    expect(holds).toEqual([]);
    expect(leftOut.map(({ why }) => why)).toEqual(
      Array(2).fill('two snaps go by this name: it was transferred'),
    );
  });

  it('as asked, by name or id', () => {
    const lines = [line('core22', 1, 1), line('lab-hello', 3, 4), line('lab-tool', 3, 4)];
    const { leftOut, holds } = plan(lines, { leaveOut: new Set(['core22', 'id-of-lab-hello']) });
    expect(leftOut.map(({ snap, why }) => [snap, why])).toEqual([
      ['core22', 'as asked'],
      ['lab-hello', 'as asked'],
    ]);
    expect(holds).toHaveLength(1);
  });
});

it('counts reports that no store vouches for when it is told to, and otherwise lets them decide nothing', () => {
  const lines = [line('core22', 9, 3), line('core22', 10, 0, { unidentified: 9 })];
  expect(plan(lines)).toMatchObject({
    holds: [{ revision: 9, devices: 3, deviate: 0 }],
    leftOut: [{ revision: 10, unidentified: 9 }],
  });
  expect(plan(lines, { unidentified: true, prefer: 'most' }).holds).toMatchObject([
    { revision: 10, devices: 9, deviate: 3 },
  ]);
});
