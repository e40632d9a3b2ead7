import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeviceMark } from '../domain/deliveries/record.js';
import { KnownOffers } from './known-offers.js';
import type { Offer } from './recorder.js';

/** Short ones, so that the same come again, and that what stands beside each other is taken for one word by nobody. */
const word = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 2 });
const device: fc.Arbitrary<DeviceMark | null> = fc.option(
  fc.record({
    brand: word,
    model: word,
    serial: word,
    proof: fc.constantFrom('store' as const, 'key' as const),
  }),
);
const offer: fc.Arbitrary<Offer> = fc.record({
  snapId: word,
  name: fc.constant('lab-hello'),
  revision: fc.integer({ min: 1, max: 3 }),
  channel: fc.option(word),
});

/** As they differ, with no channel and an empty one as the same. */
const nameOf = (who: DeviceMark | null, { snapId, revision, channel }: Offer): string =>
  JSON.stringify([who?.brand, who?.model, who?.serial, who?.proof, snapId, revision, channel ?? '']);

describe('offers that are known', () => {
  it('are those that a set of them would know', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(device, offer), { maxLength: 200 }), (all) => {
        const [known, set] = [new KnownOffers(1_000), new Set<string>()];
        for (const [who, what] of all) {
          const name = nameOf(who, what);
          expect(known.add(who, what)).toBe(!set.has(name));
          set.add(name);
        }
      }),
    );
  });

  it('are forgotten once there are too many, and when they are cleared', () => {
    const known = new KnownOffers(10);
    const add = (revision: number): boolean =>
      known.add(null, { snapId: 'id', name: 'lab-hello', revision, channel: null });
    const all = Array.from({ length: 10 }, (_, n) => n);
    expect(all.map(add)).toEqual(all.map(() => true));
    expect(all.map(add)).toEqual(all.map(() => false));
    expect([add(10), add(10), add(0)]).toEqual([true, false, true]);
    known.clear();
    expect(add(10)).toBe(true);
  });

  it('are told apart by the hundred thousand', () => {
    const known = new KnownOffers(100_000);
    const serials = Array.from({ length: 100_000 }, (_, n) => `${n}`);
    const fresh = serials.filter((serial) =>
      known.add(
        { brand: 'lab', model: 'box', serial, proof: 'store' },
        { snapId: 'id', name: 'lab-hello', revision: 7, channel: 'latest/stable' },
      ),
    );
    expect(fresh).toHaveLength(100_000);
  });
});
