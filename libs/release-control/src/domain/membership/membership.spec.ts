import { describe, expect, it } from 'vitest';
import { conflictsOf } from './conflicts.js';
import { inOrder, type RingRule } from './order.js';
import { checkRule, ruleName } from './rule.js';

const RINGS = ['default', 'pilot', 'production'];
const model = (ring: string, more = {}): RingRule => ({
  ring,
  rule: { of: 'model', brand: 'acme', model: 'gateway', ...more },
});
const serial = (ring: string, number: string, more = {}): RingRule => ({
  ring,
  rule: { of: 'serial', brand: 'acme', model: 'gateway', serial: number, ...more },
});
const list = (ring: string, name: string, version = 1): RingRule => ({
  ring,
  rule: { of: 'list', list: name, version, digest: 'd'.repeat(64), count: 2 },
});
const LISTS: Readonly<Record<string, readonly string[]>> = {
  'lab 1': ['acme/gateway/1', 'acme/gateway/2'],
  'line 1': ['acme/gateway/2', 'acme/gateway/3'],
  'other 1': ['acme/meter/9'],
};
const devicesOf = (name: string, version: number) => new Set(LISTS[`${name} ${version}`]);

describe('a rule', () => {
  it('is called by what it is of', () => {
    const narrow = { network: '10.20.0.0/16', host: 'store.lab' };
    expect(ruleName(serial('pilot', '7').rule)).toBe('serial acme/gateway/7');
    expect(ruleName(list('pilot', 'lab').rule)).toBe('list lab');
    expect(ruleName(model('pilot', narrow).rule)).toBe('model acme/gateway in 10.20.0.0/16 at store.lab');
  });

  it('is written in one way', () =>
    expect(checkRule({ of: 'list', list: 'lab', network: 'FD00::/16', host: 'Store.LAB' })).toEqual({
      of: 'list',
      list: 'lab',
      network: 'fd00::/16',
      host: 'store.lab',
    }));

  it.each([
    { of: 'serial', brand: 'acme', model: 'gateway', serial: 'a/b' },
    { of: 'serial', brand: 'acme', model: 'gate way', serial: '1' },
    { of: 'model', brand: '', model: 'gateway' },
    { of: 'list', list: 'Lab devices' },
    { of: 'model', brand: 'acme', model: 'gateway', network: '10.0.0.1/8' },
    { of: 'model', brand: 'acme', model: 'gateway', host: 'store.lab:8081' },
  ] as const)('is not %j', (rule) =>
    expect(() => checkRule(rule)).toThrow(expect.objectContaining({ code: 'invalid-items' })),
  );
});

describe('the order of rules', () => {
  it('has the nearest first, and of equals the one of the ring that releases reach last', () => {
    const ordered = [
      serial('default', '1', { host: 'store.lab' }),
      serial('production', '1'),
      serial('pilot', '1'),
      list('production', 'lab'),
      model('pilot', { network: '10.20.0.0/24' }),
      model('production', { network: '10.20.0.0/16' }),
      model('production'),
      model('pilot'),
    ];
    expect(inOrder(ordered.toReversed(), RINGS)).toEqual(ordered);
  });
});

describe('a rule that is new', () => {
  const conflicts = (added: RingRule, ...others: readonly RingRule[]) =>
    conflictsOf(added, others, devicesOf, RINGS);

  it('has no effect where another ring has the same devices by a rule that comes first', () => {
    const there = serial('production', '1');
    expect(conflicts(serial('pilot', '1'), there)).toEqual({ shadowedBy: [there], takesFrom: [] });
    expect(conflicts(model('pilot'), model('production'))).toMatchObject({
      shadowedBy: [{ ring: 'production' }],
    });
    expect(conflicts(list('default', 'lab'), list('production', 'lab'))).toMatchObject({
      shadowedBy: [{ ring: 'production' }],
    });
  });

  it('takes devices from the rules that come after it', () => {
    const [all, lab, line] = [model('production'), list('default', 'lab'), list('production', 'line')];
    expect(conflicts(serial('pilot', '1'), all, lab, line)).toEqual({
      shadowedBy: [],
      takesFrom: [all, lab],
    });
    expect(conflicts(serial('production', '1'), serial('pilot', '1')).takesFrom).toHaveLength(1);
  });

  it('that has some devices with an earlier rule in common has an effect for the others', () => {
    expect(conflicts(list('pilot', 'lab'), list('production', 'line'))).toEqual({
      shadowedBy: [],
      takesFrom: [],
    });
    expect(conflicts(model('pilot'), serial('production', '1'))).toEqual({ shadowedBy: [], takesFrom: [] });
    expect(conflicts(model('pilot'), model('production', { network: '10.0.0.0/8' }))).toEqual({
      shadowedBy: [],
      takesFrom: [],
    });
  });

  it('of other devices meets nobody', () =>
    expect(conflicts(list('pilot', 'other'), model('production'), list('default', 'lab'))).toEqual({
      shadowedBy: [],
      takesFrom: [],
    }));
});
