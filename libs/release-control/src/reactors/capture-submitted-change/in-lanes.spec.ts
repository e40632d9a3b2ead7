import { describe, expect, it } from 'vitest';
import { inLanes } from './in-lanes.js';

/** Work that ends when it is told to, and knows how much of it is under way. */
class Work {
  readonly begun: string[] = [];
  most = 0;
  private readonly waiting = new Map<string, () => void>();

  readonly begin = async (item: string): Promise<string> => {
    this.begun.push(item);
    await new Promise<void>((resolve) => {
      this.waiting.set(item, resolve);
      this.most = Math.max(this.most, this.waiting.size);
    });
    if (item.endsWith('!')) throw new Error(`${item} fails`);
    return `${item} done`;
  };

  /** Ends what is under way, the youngest first, until nothing follows. */
  async endAll(): Promise<void> {
    for (let last = [...this.waiting].at(-1); last; last = [...this.waiting].at(-1)) {
      const [item, end] = last;
      this.waiting.delete(item);
      end();
      await new Promise(setImmediate);
    }
  }
}

const firstLetter = (item: string) => item.slice(0, 1);

describe('lanes', () => {
  it('work on so many at a time, and answer in the order of the items', async () => {
    const work = new Work();
    const all = inLanes(['a1', 'b1', 'c1', 'd1'], firstLetter, 2, work.begin);
    await work.endAll();
    expect(await all).toEqual(['a1 done', 'b1 done', 'c1 done', 'd1 done']);
    expect(work.most).toBe(2);
  });

  it('work on those of one key one after the other, wherever they stand', async () => {
    const work = new Work();
    const all = inLanes(['a1', 'b1', 'a2', 'a3'], firstLetter, 4, work.begin);
    expect(work.begun).toEqual(['a1', 'b1']);
    await work.endAll();
    expect(await all).toEqual(['a1 done', 'b1 done', 'a2 done', 'a3 done']);
  });

  it('begin nothing more after a failure, and fail when what was begun has ended', async () => {
    const work = new Work();
    const all = inLanes(['a1', 'b1!', 'c1', 'd1'], firstLetter, 2, work.begin);
    const failure = all.catch((error: unknown) => error);
    await work.endAll();
    expect(await failure).toMatchObject({ message: 'b1! fails' });
    expect(work.begun).toEqual(['a1', 'b1!']);
  });

  it('begin nothing more once there is enough', async () => {
    const work = new Work();
    const isEnough = () => work.begun.length >= 3;
    const all = inLanes(['a1', 'b1', 'c1', 'd1', 'e1'], firstLetter, 2, work.begin, isEnough);
    await work.endAll();
    expect(await all).toEqual(['a1 done', 'b1 done', 'c1 done']);
  });

  it('have nothing to do without items', async () => {
    expect(await inLanes([], firstLetter, 2, new Work().begin)).toEqual([]);
  });
});
