import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KeptArtefact } from './kept-artefacts.js';
import { Prefetch, type PrefetchedArtefacts } from './prefetch.js';

const MIB = 1024 * 1024;

function artefact(name: string, size = MIB): KeptArtefact {
  return { sha256: name, sha3_384: name, size };
}

/** Copies in memory; fails, or waits, as a test says. */
class Copies implements PrefetchedArtefacts {
  readonly here = new Set<string>();
  readonly asked: string[] = [];
  most = 0;
  private running = 0;
  before: (name: string) => Promise<void> = () => Promise.resolve();

  hasCopy({ sha3_384 }: KeptArtefact): boolean {
    return this.here.has(sha3_384);
  }

  async fetchAhead({ sha3_384 }: KeptArtefact): Promise<void> {
    this.asked.push(sha3_384);
    this.most = Math.max(this.most, ++this.running);
    try {
      await this.before(sha3_384);
      this.here.add(sha3_384);
    } finally {
      this.running--;
    }
  }
}

let copies: Copies;
let told: string[];
let prefetch: Prefetch;
let whole: PromiseWithResolvers<void>;
beforeEach(() => {
  copies = new Copies();
  [told, whole] = [[], Promise.withResolvers()];
  prefetch = new Prefetch(
    copies,
    10 * MIB,
    {
      missing: (count) => (count === 0 ? whole.resolve() : undefined),
      failed: ({ sha3_384 }) => told.push(`failed ${sha3_384}`),
      noRoom: (count) => told.push(`no room for ${count}`),
    },
    { first: 1, longest: 5 },
  );
});
afterEach(() => prefetch.close());

describe('prefetch', () => {
  it('fetches what is held once, few at a time', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    copies.here.add('c');
    copies.before = () => new Promise((resolve) => setImmediate(resolve));
    prefetch.hold([...names, 'a'].map((name) => artefact(name)));
    expect(copies.here.size).toBe(1);
    await whole.promise;
    expect(copies.asked).toEqual(['a', 'b', 'd', 'e']);
    expect(copies.most).toBe(2);
  });

  it('tries again what failed, and the rest does not wait for it', async () => {
    let failures = 3;
    copies.before = (name) =>
      name === 'a' && failures-- > 0 ? Promise.reject(new Error('away')) : Promise.resolve();
    prefetch.hold(['a', 'b'].map((name) => artefact(name)));
    await whole.promise;
    expect(told).toEqual(['failed a', 'failed a', 'failed a']);
    expect(copies.asked).toEqual(['a', 'b', 'a', 'a', 'a']);
  });

  it('turns to a new policy at once, and leaves what is not held any more', async () => {
    const first = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    copies.before = (name) => {
      if (name === 'b') asked.resolve();
      return name === 'a' || name === 'b' ? first.promise : Promise.resolve();
    };
    prefetch.hold(['a', 'b', 'c', 'd'].map((name) => artefact(name)));
    await asked.promise;
    prefetch.hold([artefact('e')]);
    first.resolve();
    await whole.promise;
    expect([...copies.here]).toEqual(['a', 'b', 'e']);
  });

  it('does not fetch what would only push out something else that is held, and says so once', async () => {
    const held = [artefact('a', 6 * MIB), artefact('b', 6 * MIB), artefact('c', 4 * MIB)];
    prefetch.hold(held);
    await whole.promise;
    prefetch.hold(held);
    expect([...copies.here]).toEqual(['a', 'c']);
    expect(told).toEqual(['no room for 1']);
  });

  it('fetches again what somebody removed', async () => {
    prefetch.hold([artefact('a')]);
    await whole.promise;
    const again = Promise.withResolvers<void>();
    copies.before = () => Promise.resolve(again.resolve());
    copies.here.clear();
    await again.promise;
    expect(copies.asked).toEqual(['a', 'a']);
  });

  it('stops', async () => {
    copies.before = () => Promise.reject(new Error('away'));
    prefetch.hold([artefact('a')]);
    await prefetch.close();
    const { length } = copies.asked;
    await new Promise((resolve) => setImmediate(resolve));
    expect(copies.asked).toHaveLength(length);
  });
});
