import { describe, expect, it } from 'vitest';
import type { MembershipRule } from '../domain/membership/rule.js';
import { buildMembership } from './build.js';
import { MembersByDevice } from './members-by-device.js';

const MANY = Array.from({ length: 10_000 }, (_, n) => `acme/gateway/${String(n).padStart(6, '0')}`);
const lists = new Map([
  ['line', [{ version: 1, digest: '', count: MANY.length, devices: MANY }]],
  ['lab', [{ version: 3, digest: '', count: 2, devices: ['acme/gateway/000007', 'acme/meter/1'] }]],
]);
const pinned = (list: string, version: number, more = {}): MembershipRule => {
  return { of: 'list', list, version, digest: 'd'.repeat(64), count: 1, ...more };
};
const gateway = (serial: string) => ({ brand: 'acme', model: 'gateway', serial });
const members = new MembersByDevice(
  buildMembership(
    {
      rings: ['default', 'pilot', 'production'],
      members: new Map<string, readonly MembershipRule[]>([
        [
          'pilot',
          [
            { of: 'serial', ...gateway('000008') },
            pinned('lab', 3, { network: '10.20.0.0/16' }),
            { of: 'model', brand: 'acme', model: 'gateway', host: 'store.lab' },
          ],
        ],
        ['production', [pinned('line', 1), { of: 'model', brand: 'acme', model: 'gateway' }]],
      ]),
      lists,
    },
    { origin: 'o', position: '1', root: '' },
  ),
);
const nowhere = { address: undefined, host: undefined };
const ringOf = (device: Parameters<MembersByDevice['find']>[0], from = {}) => {
  const found = members.find(device, { ...nowhere, ...from });
  return found && [found.ring, found.name];
};

describe('a device', () => {
  it('is in the ring of its serial before that of its list, and in that before that of its model', () => {
    expect(ringOf(gateway('000008'))).toEqual(['pilot', 'serial acme/gateway/000008']);
    expect(ringOf(gateway('009999'))).toEqual(['production', 'list line']);
    expect(ringOf(gateway('other'))).toEqual(['production', 'model acme/gateway']);
    expect(ringOf({ brand: 'acme', model: 'meter', serial: '2' })).toBeUndefined();
    expect(MembersByDevice.none.find(gateway('000008'), nowhere)).toBeUndefined();
  });

  it('matches what is narrowed only from there: where it is not known from where, it does not', () => {
    expect(ringOf(gateway('000007'), { address: '10.20.3.4' })).toEqual([
      'pilot',
      'list lab in 10.20.0.0/16',
    ]);
    expect(ringOf(gateway('000007'), { address: '10.21.3.4' })).toEqual(['production', 'list line']);
    expect(ringOf(gateway('000007'))).toEqual(['production', 'list line']);
    expect(ringOf(gateway('other'), { host: 'store.lab' })).toEqual([
      'pilot',
      'model acme/gateway at store.lab',
    ]);
    expect(ringOf(gateway('other'), { host: 'store' })).toEqual(['production', 'model acme/gateway']);
    expect(ringOf({ brand: 'acme', model: 'meter', serial: '1' }, { address: '10.21.0.1' })).toBeUndefined();
  });

  it('of a list of ten thousand is found, each of them', () => {
    for (const device of MANY) {
      const [brand = '', model = '', serial = ''] = device.split('/');
      const { name } = members.find({ brand, model, serial }, nowhere) ?? {};
      expect(name).toBe(serial === '000008' ? 'serial acme/gateway/000008' : 'list line');
    }
  });
});
