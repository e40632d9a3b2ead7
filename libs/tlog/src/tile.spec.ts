import { describe, expect, it } from 'vitest';
import { decodeEntryBundle, encodeEntryBundle, entriesPath, leavesPerHash, tileOf, tilePath } from '#tlog';

describe('tilePath', () => {
  it.each([
    [0, 0n, 256, 'tile/0/000'],
    [0, 273n, 115, 'tile/0/273.p/115'],
    [1, 1n, 17, 'tile/1/001.p/17'],
    [0, 1_234_067n, 256, 'tile/0/x001/x234/067'],
    [3, 1000n, 1, 'tile/3/x001/000.p/1'],
  ])('of level %i, index %i, width %i', (level, index, width, path) => {
    expect(tilePath(level, index, width)).toBe(path);
  });

  it('names entry bundles beside the levels', () => {
    expect(entriesPath(1_234_067n, 5)).toBe('tile/entries/x001/x234/067.p/5');
  });
});

describe('tileOf', () => {
  it('gives 277 tiles for 70,003 entries, three of them partial', () => {
    const paths: string[] = [];
    for (let level = 0; leavesPerHash(level) <= 70_003n; level++) {
      for (let index = 0n, tile = tileOf(level, 0n, 70_003n); tile; tile = tileOf(level, ++index, 70_003n)) {
        paths.push(tilePath(level, tile.index, tile.width));
      }
    }
    expect(paths).toHaveLength(277);
    expect(paths.filter((path) => path.includes('.p/'))).toEqual([
      'tile/0/273.p/115',
      'tile/1/001.p/17',
      'tile/2/000.p/1',
    ]);
  });
});

describe('an entry bundle', () => {
  it('gives its entries back, the largest and the empty one too', () => {
    const entries = [Buffer.of(), Buffer.alloc(65_535, 7), Buffer.from('{}')];
    const bundle = encodeEntryBundle(entries);
    expect(bundle.subarray(0, 4).toString('hex')).toBe('0000ffff');
    expect(decodeEntryBundle(bundle)).toEqual(entries);
  });

  it('refuses an entry whose length two bytes cannot hold', () => {
    expect(() => encodeEntryBundle([Buffer.alloc(65_536)])).toThrow(RangeError);
  });

  it.each(['00', '000501', '0001ff00'])('refuses %s, which ends within an entry', (hex) => {
    expect(() => decodeEntryBundle(Buffer.from(hex, 'hex'))).toThrow(
      expect.objectContaining({ code: 'malformed-bundle' }),
    );
  });

  it('refuses more entries than a bundle has', () => {
    expect(decodeEntryBundle(Buffer.alloc(2 * 256))).toHaveLength(256);
    expect(() => decodeEntryBundle(Buffer.alloc(2 * 257))).toThrow(
      expect.objectContaining({ code: 'malformed-bundle' }),
    );
  });
});
