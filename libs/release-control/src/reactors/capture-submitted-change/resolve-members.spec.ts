import { describe, expect, it } from 'vitest';
import type { DeviceList } from '#fleet/published';
import { ruleName, type AskedRule, type MembershipRule } from '../../domain/membership/rule.js';
import { emptyPolicy, type ReleasePolicy } from '../../domain/release-policy/state.js';
import { resolveMembers, takenSince, type Membership } from './resolve-members.js';

const having = (...rules: MembershipRule[]): ReleasePolicy => ({
  ...emptyPolicy,
  members: new Map(rules.map((rule) => [ruleName(rule), { rule, changeRequest: 'CR-1' }])),
});
const listed = (version: number): DeviceList[number] => {
  return { version, digest: String(version).repeat(64), count: version, parts: 1 };
};
const lab: DeviceList = [listed(1), listed(2)];
const DEVICES = ['acme/gateway/1', 'acme/gateway/2'];
const gateway = (serial: string) => ({ of: 'serial', brand: 'acme', model: 'gateway', serial }) as const;

function site(policies: Readonly<Record<string, ReleasePolicy>>): Membership {
  return {
    rings: () => Promise.resolve(['default', 'pilot', 'production']),
    policyOf: (ring) => Promise.resolve(policies[ring] ?? emptyPolicy),
    list: (name) => Promise.resolve(name === 'lab' ? lab : []),
    devices: (_, version) => Promise.resolve(DEVICES.slice(0, version)),
  };
}
const resolve = (rule: AskedRule, policies: Readonly<Record<string, ReleasePolicy>> = {}, members = true) =>
  resolveMembers(
    { kind: 'members', rule, members },
    'pilot',
    policies['pilot'] ?? emptyPolicy,
    site(policies),
  );

const UNNAMED = 'the rings of their proxies, where no rule names them';

describe('a rule of membership that is asked for', () => {
  it('of a list is of its newest version, in the place of the one before', async () => {
    const { parts: _, ...newest } = listed(2);
    const rule = { of: 'list', list: 'lab', ...newest } as const;
    expect(await resolve({ of: 'list', list: 'lab' })).toEqual({
      kind: 'members',
      name: 'list lab',
      old: null,
      new: rule,
      takesFrom: [UNNAMED],
    });
    const before = { ...rule, version: 1, digest: '1'.repeat(64), count: 1 };
    expect(await resolve({ of: 'list', list: 'lab' }, { pilot: having(before) })).toMatchObject({
      old: before,
      new: rule,
    });
  });

  it('says whose devices it takes', async () => {
    const production = having({ of: 'model', brand: 'acme', model: 'gateway' });
    expect(await resolve(gateway('1'), { production })).toEqual({
      kind: 'members',
      name: 'serial acme/gateway/1',
      old: null,
      new: gateway('1'),
      takesFrom: ['ring production (model acme/gateway)', UNNAMED],
    });
  });

  it('says how many rules more lose devices than it names', async () => {
    const hosts = Array.from({ length: 22 }, (_, i) => `host-${String(i).padStart(2, '0')}`);
    const production = having(
      ...hosts.map((host) => ({ of: 'model', brand: 'acme', model: 'gateway', host }) as const),
    );
    const { takesFrom = [] } = await resolve(gateway('1'), { production });
    expect(takesFrom).toHaveLength(22);
    expect(takesFrom.slice(-2)).toEqual(['2 more rules', UNNAMED]);
  });

  it('is compared with what it takes by now, before it takes effect', async () => {
    const change = await resolve(gateway('1'));
    const production = having({ of: 'model', brand: 'acme', model: 'gateway' });
    expect(await takenSince(change, 'pilot', site({}))).toEqual([]);
    expect(await takenSince(change, 'pilot', site({ production }))).toEqual([
      'ring production (model acme/gateway)',
    ]);
    const told = await resolve(gateway('1'), { production });
    expect(await takenSince(told, 'pilot', site({ production }))).toEqual([]);
    expect(await takenSince(told, 'pilot', site({}))).toEqual([]);
    const gone = await resolve(gateway('1'), { pilot: having(gateway('1')) }, false);
    expect(await takenSince(gone, 'pilot', site({ production }))).toEqual([]);
  });

  it('that would have no effect is refused, with the rule that comes first', async () => {
    await expect(resolve(gateway('1'), { production: having(gateway('1')) })).rejects.toMatchObject({
      code: 'membership-shadowed',
      message: expect.stringContaining('ring production (serial acme/gateway/1)') as string,
    });
  });

  it('of a list that there is not, or to be removed where there is none, is refused', async () => {
    await expect(resolve({ of: 'list', list: 'nowhere' })).rejects.toMatchObject({ code: 'no-such-member' });
    await expect(resolve(gateway('1'), {}, false)).rejects.toMatchObject({ code: 'no-such-member' });
    expect(await resolve(gateway('1'), { pilot: having(gateway('1')) }, false)).toMatchObject({
      old: gateway('1'),
      new: null,
    });
  });
});
