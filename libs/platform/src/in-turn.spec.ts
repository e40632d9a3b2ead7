import { describe, expect, it } from 'vitest';
import { InTurn, MOST_IN_TURN } from './in-turn.js';

/** Work that ends when it is let. */
function held() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { work: () => promise, end: () => resolve() };
}

describe('in turn', () => {
  it('one works at a time, in the order of asking, also behind one that failed', async () => {
    const turns = new InTurn();
    const seen: string[] = [];
    const asked = ['one', 'two', 'three'].map((name) =>
      turns.run('key', async () => {
        seen.push(`${name} begins`);
        await Promise.resolve();
        seen.push(`${name} ends`);
        if (name === 'one') throw new Error('it failed');
        return name;
      }),
    );
    expect((await Promise.allSettled(asked)).map(({ status }) => status)).toEqual([
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
    expect(seen).toEqual(['one', 'two', 'three'].flatMap((name) => [`${name} begins`, `${name} ends`]));
  });

  it('so many wait for one key and no more; others, and the server itself, are not refused', async () => {
    const turns = new InTurn();
    const { work, end } = held();
    const asked = Array.from({ length: MOST_IN_TURN }, () => turns.run('key', work));
    await expect(turns.run('key', work)).rejects.toMatchObject({ code: 'overloaded' });
    expect(await turns.run('another', () => Promise.resolve('done'))).toBe('done');
    const own = turns.runOwn('key', () => Promise.resolve('done too'));
    end();
    await Promise.all(asked);
    expect(await own).toBe('done too');
    expect(await turns.run('key', () => Promise.resolve('again'))).toBe('again');
  });
});
