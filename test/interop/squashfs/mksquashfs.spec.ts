import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SquashfsError } from '#catalog/squashfs/squashfs-error';
import { SquashfsImage } from '#catalog/squashfs/squashfs-image';

const installed = spawnSync('mksquashfs', ['-version']).error === undefined;
const MiB = 1024 * 1024;

function noise(size: number): Buffer {
  const blocks: Buffer[] = [];
  for (let at = 0; at < size; at += 64) blocks.push(createHash('sha512').update(`noise ${at}`).digest());
  return Buffer.concat(blocks).subarray(0, size);
}

/** What compresses a little, in every way that a compressor knows: repeated near and far, once and often, and not at all. */
function mixed(size: number): Buffer {
  const random = noise(50_000);
  const pieces: Buffer[] = [];
  for (let n = 0, have = 0; have < size; n++) {
    const from = (n * 7_919) % random.length;
    const piece = n % 3 === 0 ? Buffer.alloc(1 + (n % 700), n % 251) : random.subarray(from, from + (n % 97));
    pieces.push(piece);
    have += piece.length;
  }
  return Buffer.concat(pieces).subarray(0, size);
}

const files: Readonly<Record<string, Buffer>> = {
  'meta/snap.yaml': Buffer.from('name: lab-hello\nversion: "1.0"\n'),
  'snap/manifest.yaml': Buffer.from(`packages:\n${'- libc6=2.39-0ubuntu8\n'.repeat(9_000)}`),
  empty: Buffer.alloc(0),
  zeros: Buffer.alloc(300_000),
  noise: noise(300_001),
  mixed: mixed(700_000),
  'one-block': noise(131_072),
  ...Object.fromEntries(
    Array.from({ length: 3_000 }, (_, n) => [`many/${n}-${'x'.repeat(n % 60)}`, Buffer.from(`${n}`)]),
  ),
};
const WANTED = ['meta/snap.yaml', 'snap/manifest.yaml', 'empty', 'zeros', 'noise', 'mixed', 'one-block'];

describe.skipIf(!installed)('of what mksquashfs writes (Debian: squashfs-tools) our reader', () => {
  let dir: string;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'holdfast-mksquashfs-'));
    for (const [path, content] of Object.entries(files)) {
      const file = join(dir, 'tree', path);
      mkdirSync(join(file, '..'), { recursive: true });
      writeFileSync(file, content);
    }
    symlinkSync('meta/snap.yaml', join(dir, 'tree', 'link'));
    symlinkSync('meta', join(dir, 'tree', 'folder-link'));
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  const made = (tree: string, options: readonly string[]): Buffer => {
    const image = join(dir, `${options.join('').replaceAll(/\W/g, '')}-${tree.replaceAll('/', '-')}.snap`);
    execFileSync('mksquashfs', [join(dir, tree), image, '-noappend', '-no-progress', ...options]);
    return readFileSync(image);
  };
  const mkdirAt = (name: string): string => {
    const folder = join(dir, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  };
  const opened = (bytes: Buffer): Promise<SquashfsImage> =>
    SquashfsImage.open((start, length) => Promise.resolve(bytes.subarray(start, start + length)));
  const open = (...options: string[]): Promise<SquashfsImage> => opened(made('tree', options));

  // As snapcraft packs, by xz or lzo: no duplicates, no extended attributes, no fragments for all but the end of files.
  it.each([
    ['-comp', 'xz'],
    ['-comp', 'lzo'],
    ['-comp', 'gzip'],
    ['-comp', 'zstd'],
    ['-comp', 'xz', '-no-fragments'],
    ['-comp', 'lzo', '-b', '1M'],
    ['-comp', 'lzo', '-Xalgorithm', 'lzo1x_1'],
    ['-comp', 'xz', '-always-use-fragments', '-no-xattrs'],
    ['-noI', '-noD', '-noF'],
  ])('reads each file: %s %s %s %s', async (...options) => {
    const image = await open(...options.filter(Boolean));
    for (const path of WANTED) {
      const content = await image.file(path, MiB);
      expect([path, content?.equals(files[path] ?? Buffer.alloc(1))]).toEqual([path, true]);
    }
  });

  it('finds nothing where there is nothing, follows no link, and takes no more than it was told', async () => {
    const image = await open('-comp', 'xz');
    expect(await image.file('meta/none', MiB)).toBeUndefined();
    expect(await image.file('meta/snap.yaml/x', MiB)).toBeUndefined();
    expect(await image.file('folder-link/snap.yaml', MiB)).toBeUndefined();
    await expect(image.file('link', MiB)).rejects.toThrow('link is no file');
    await expect(image.file('meta', MiB)).rejects.toThrow('meta is no file');
    await expect(image.file('noise', 1_000)).rejects.toThrow('noise has 300001 bytes, at most 1000 are read');
  });

  it('takes no file by a name that stands twice, or out of order: another reader may find the other one', async () => {
    for (const [from, to] of [
      ['b-snap.yaml', 'a-snap.yaml'],
      ['a-snap.yaml', 'c-snap.yaml'],
    ] as const) {
      writeFileSync(join(mkdirAt('twice'), 'a-snap.yaml'), 'confinement: strict\n');
      writeFileSync(join(dir, 'twice', 'b-snap.yaml'), 'confinement: classic\n');
      const image = made('twice', ['-noI', '-noD']);
      image.write(to, image.lastIndexOf(from), 'latin1');
      await expect((await opened(image)).file('a-snap.yaml', MiB)).rejects.toThrow(
        'a listing is not in order',
      );
    }
  });

  it('follows no index of a directory with many names', async () => {
    const image = await open('-comp', 'gzip');
    await expect(image.file('many/0-', MiB)).rejects.toThrow(
      'a directory has an index, which is not followed',
    );
  });

  it.each(['gzip', 'lzo', 'xz', 'zstd'])(
    'says what is wrong with an image by %s that somebody bent, and never more than that',
    async (compression) => {
      const image = made('tree/snap', ['-comp', compression]);
      const read = async (bytes: Buffer): Promise<unknown> =>
        (await opened(bytes)).file('manifest.yaml', MiB);
      expect(await read(image)).toBeInstanceOf(Buffer);
      const bends = fc.array(fc.tuple(fc.nat(image.length - 1), fc.integer({ min: 0, max: 255 })), {
        minLength: 1,
        maxLength: 8,
      });
      await fc.assert(
        fc.asyncProperty(bends, fc.option(fc.nat(image.length - 1)), async (bent, end) => {
          const bytes = Buffer.from(image.subarray(0, end ?? image.length));
          for (const [at, byte] of bent) if (at < bytes.length) bytes[at] = byte;
          const outcome = await read(bytes).catch((error: unknown) => error);
          const known =
            outcome === undefined || outcome instanceof Buffer || outcome instanceof SquashfsError;
          expect([known, outcome]).toEqual([true, outcome]);
        }),
        { numRuns: 300 },
      );
    },
  );
});
