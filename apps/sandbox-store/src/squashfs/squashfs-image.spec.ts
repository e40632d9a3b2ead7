import { describe, expect, it } from 'vitest';
import { squashfsImage } from './squashfs-image.js';

const entries = [
  { path: 'meta/snap.yaml', content: Buffer.from('name: lab\n') },
  { path: 'bin/hello', mode: 0o755, content: Buffer.from('#!/bin/sh\n') },
  { path: 'empty' },
];

describe('squashfs image', () => {
  it('begins with a superblock that describes it', () => {
    const image = squashfsImage(entries);
    expect(image.subarray(0, 4).toString()).toBe('hsqs');
    expect(image.readUInt32LE(4)).toBe(6); // root, bin, bin/hello, empty, meta, meta/snap.yaml
    expect(image.readUInt32LE(8)).toBe(0);
    expect(image.readUInt32LE(12)).toBe(1 << image.readUInt16LE(22));
    expect([image.readUInt16LE(28), image.readUInt16LE(30)]).toEqual([4, 0]);
    expect(image.length % 4096).toBe(0);
    // The id table is one pointer, and nothing follows it: Linux demands exactly that.
    expect(image.readBigUInt64LE(40) - image.readBigUInt64LE(48)).toBe(8n);
  });

  it('is the same bytes for the same entries in another order', () => {
    expect(squashfsImage([...entries].reverse()).equals(squashfsImage(entries))).toBe(true);
    expect(squashfsImage(entries, { compress: false }).equals(squashfsImage(entries))).toBe(false);
  });

  it.each(['', '/meta', 'meta/', 'a//b', '../x', 'a/./b', 'a\0b', 'x'.repeat(257)])(
    'refuses the path %j',
    (path) => {
      expect(() => squashfsImage([{ path, content: Buffer.from('x') }])).toThrow(
        expect.objectContaining({ code: 'bad-image' }),
      );
    },
  );

  it('refuses a file that is there twice, and one that is another’s folder', () => {
    const file = { path: 'a', content: Buffer.from('x') };
    expect(() => squashfsImage([file, file])).toThrow(/twice/);
    expect(() => squashfsImage([file, { path: 'a/b', content: Buffer.from('x') }])).toThrow(/is a file/);
  });
});
