import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImageEntry } from '#apps/sandbox-store/src/squashfs/image-tree';
import { squashfsImage } from '#apps/sandbox-store/src/squashfs/squashfs-image';

const installed = spawnSync('unsquashfs', ['-v']).error === undefined;

/** Bytes that zlib can't shorten. */
function noise(size: number): Buffer {
  const blocks: Buffer[] = [];
  for (let at = 0; at < size; at += 64) blocks.push(createHash('sha512').update(`noise ${at}`).digest());
  return Buffer.concat(blocks).subarray(0, size);
}

const files = [
  { path: 'meta/snap.yaml', content: Buffer.from('name: lab-hello\nversion: "1.0"\n') },
  { path: 'bin/hello', mode: 0o755, content: Buffer.from('#!/bin/sh\necho hello\n') },
  { path: 'deep/er/and/deeper/file', content: Buffer.from('x') },
  { path: 'empty-file', content: Buffer.alloc(0) },
  { path: 'ä name with spaces', content: Buffer.from('ü') },
  { path: 'exactly-one-block', content: noise(131_072) },
  { path: 'several-blocks', content: noise(300_001) },
  { path: 'compressible', content: Buffer.alloc(400_000, 'abc') },
  // Enough inodes and names for several metadata blocks, and for several runs in one listing.
  ...Array.from({ length: 1200 }, (_, n) => ({ path: `many/file-${n}`, content: Buffer.from(String(n)) })),
  // A listing of more than 64 KiB: the extended form of a directory's inode.
  ...Array.from({ length: 400 }, (_, n) => ({
    path: `long/${n}-${'x'.repeat(200)}`,
    content: Buffer.from(String(n)),
  })),
];

const entries: ImageEntry[] = [...files, { path: 'empty-folder', mode: 0o700 }];

describe.skipIf(!installed)('unsquashfs (Debian: squashfs-tools) reads our images', () => {
  let dir: string;
  beforeAll(() => (dir = mkdtempSync(join(tmpdir(), 'holdfast-squashfs-'))));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  describe.each([{ compress: true }, { compress: false }])('compress: $compress', ({ compress }) => {
    const name = compress ? 'zlib' : 'plain';
    beforeAll(() => writeFileSync(join(dir, `${name}.squashfs`), squashfsImage(entries, { compress })));

    it('unpacks every file to the content that went in, and nothing else', () => {
      const out = join(dir, name);
      execFileSync('unsquashfs', [
        '-no-progress',
        '-strict-errors',
        '-d',
        out,
        join(dir, `${name}.squashfs`),
      ]);
      const differing = files.filter(({ path, content }) => !readFileSync(join(out, path)).equals(content));
      expect(differing.map(({ path }) => path)).toEqual([]);
      expect(readdirSync(join(out, 'empty-folder'))).toEqual([]);
      const unpacked = readdirSync(out, { recursive: true, withFileTypes: true }).filter((item) =>
        item.isFile(),
      );
      expect(unpacked.length).toBe(files.length);
      expect(statSync(join(out, 'bin/hello')).mode & 0o7777).toBe(0o755);
      expect(statSync(join(out, 'empty-folder')).mode & 0o7777).toBe(0o700);
    });

    it('lists owner root and time 0', () => {
      const list = execFileSync('unsquashfs', ['-ll', '-UTC', join(dir, `${name}.squashfs`)], {
        encoding: 'utf8',
      });
      const lines = list.split('\n').filter((line) => line.includes('squashfs-root'));
      expect(lines.length).toBeGreaterThan(1600);
      expect(
        lines.every((line) => /^[-d][rwx-]{9} (root\/root|0\/0) +\d+ 1970-01-01 00:00 /.test(line)),
      ).toBe(true);
    });
  });
});
