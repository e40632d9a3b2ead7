import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CacheSpace, type CacheFolder } from './cache-space.js';
import { CacheUpkeep } from './cache-upkeep.js';
import { cacheUsage } from './cache-usage.js';

const KIB = 1024;
const [A, B, C, D] = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(96)) as [
  string,
  string,
  string,
  string,
];

let root: string;
let evicted: string[];
let notEvicted: string[];
let failed: unknown[];
let clock: number;
let upkeeps: CacheUpkeep[];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'holdfast-space-'));
  await mkdir(join(root, 'artefacts'));
  [evicted, notEvicted, failed, upkeeps, clock] = [[], [], [], [], 1_000_000];
});
afterEach(async () => {
  for (const upkeep of upkeeps) await upkeep.stop();
  await rm(root, { recursive: true, force: true });
});

const at = (name: string, folder: CacheFolder = 'artefacts'): string => join(root, folder, name);

/** @param limit in KiB */
function space(limit: number): CacheSpace {
  return new CacheSpace(
    limit * KIB,
    {
      evicted: (folder) => evicted.push(folder),
      notEvicted: (path) => notEvicted.push(path),
    },
    () => clock,
  );
}

async function write(of: CacheSpace, name: string, kib: number): Promise<void> {
  await writeFile(at(name), Buffer.alloc(kib * KIB));
  of.written(at(name), { folder: 'artefacts', bytes: kib * KIB });
}

async function files(of: CacheSpace): Promise<string> {
  await of.settled();
  return (await readdir(join(root, 'artefacts'))).map((name) => name.charAt(0)).join('');
}

async function restarted(limit: number): Promise<CacheSpace> {
  const fresh = space(limit);
  upkeeps.push(
    await CacheUpkeep.start(
      [{ space: fresh, folders: ['artefacts', 'kept'], ordered: true }],
      root,
      (error) => failed.push(error),
    ),
  );
  return fresh;
}

describe('the space of a cache', () => {
  it('lets the least recently used go first', async () => {
    const of = space(12);
    for (const name of [A, B, C]) await write(of, name, 4);
    of.used(at(A), { folder: 'artefacts', bytes: 4 * KIB });
    await write(of, D, 4);
    expect(await files(of)).toBe('acd');
    expect(evicted).toEqual(['artefacts']);
  });

  it('counts what a small file takes on the disk', async () => {
    const of = space(8);
    for (const name of [A, B, C]) {
      await writeFile(at(name), '!');
      of.written(at(name), { folder: 'artefacts', bytes: 1 });
    }
    expect(await files(of)).toBe('bc');
  });

  it('keeps what is used until it is not any more', async () => {
    const of = space(8);
    await write(of, A, 4);
    const letGo = await of.keep(at(A));
    const again = await of.keep(at(A));
    await write(of, B, 4);
    await write(of, C, 4);
    expect(await files(of)).toBe('ac');
    letGo();
    letGo();
    await write(of, D, 4);
    expect(await files(of)).toBe('ad');
    again();
    await write(of, B, 4);
    expect(await files(of)).toBe('bd');
  });

  it('makes room before a file comes, and gives it back when it does not', async () => {
    const of = space(12);
    for (const name of [A, B]) await write(of, name, 4);
    const room = of.reserve(at(C), { folder: 'artefacts', bytes: 8 * KIB });
    expect(await files(of)).toBe('b');
    room.dropped();
    await write(of, D, 8);
    expect(await files(of)).toBe('bd');
  });

  it('lets what is larger than everything go as soon as nobody uses it, and nothing else for it', async () => {
    const of = space(8);
    for (const name of [A, B]) await write(of, name, 4);
    const letGo = await of.keep(at(C));
    const room = of.reserve(at(C), { folder: 'artefacts', bytes: 12 * KIB });
    await writeFile(at(C), Buffer.alloc(12 * KIB));
    room.filled();
    expect(await files(of)).toBe('abc');
    letGo();
    expect(await files(of)).toBe('ab');
  });

  it('keeps nothing at all when it may not', async () => {
    const of = space(0);
    await write(of, A, 4);
    expect(await files(of)).toBe('');
  });

  it('lets what is held go last', async () => {
    const of = space(12);
    for (const name of [A, B, C]) await write(of, name, 4);
    of.hold(new Set([at(A), at(B)]));
    await write(of, D, 4);
    expect(await files(of)).toBe('abd');
    const letGo = await of.keep(at(C));
    await write(of, C, 12);
    expect(await files(of)).toBe('abc');
    letGo();
    expect(await files(of)).toBe('ab');
    of.hold(new Set([A, B, C, D].map((name) => at(name))));
    await write(of, C, 4);
    await write(of, D, 4);
    expect(await files(of)).toBe('bcd');
  });

  it('says what it cannot remove, and goes on with others', async () => {
    const of = space(8);
    await mkdir(at(A));
    of.written(at(A), { folder: 'artefacts', bytes: 4 * KIB });
    await write(of, B, 4);
    await write(of, C, 4);
    await of.settled();
    expect(notEvicted).toEqual([at(A)]);
    await write(of, D, 4);
    expect(await files(of)).toBe('ad');
  });
});

describe('after a restart', () => {
  it('the order of use is the same, whatever the clock says now', async () => {
    const before = await restarted(16);
    for (const name of [A, B, C]) await write(before, name, 4);
    before.used(at(A), { folder: 'artefacts', bytes: 4 * KIB });
    await upkeeps.pop()?.stop();
    clock -= 500_000;
    const after = await restarted(16);
    await write(after, D, 4);
    expect(await files(after)).toBe('abcd');
    await write(after, 'e'.repeat(96), 8);
    expect(await files(after)).toBe('ade');
    expect(failed).toEqual([]);
  });

  it.each(['{"v":1,"used":', '{"v":2}', '{"v":1,"used":{"artefacts/x":"y"}}', '[]'])(
    'without the order of use, files count by when they were written: %s',
    async (order) => {
      await writeFile(join(root, 'order-of-use.json'), order);
      for (const [index, name] of [C, A, B].entries()) {
        await writeFile(at(name), Buffer.alloc(4 * KIB));
        await utimes(at(name), index, index);
      }
      expect(await files(await restarted(8))).toBe('ab');
    },
  );

  it('what another configuration left counts as well, and what is no copy is left alone', async () => {
    await mkdir(join(root, 'kept'));
    await writeFile(at(A, 'kept'), Buffer.alloc(8 * KIB));
    await utimes(at(A, 'kept'), 0, 0);
    await writeFile(at('README'), Buffer.alloc(8 * KIB));
    const of = await restarted(8);
    await write(of, B, 4);
    expect(await files(of)).toBe('Rb');
    expect(await readdir(join(root, 'kept'))).toEqual([]);
    expect(evicted).toEqual(['kept']);
  });

  it('what somebody removed does not count any more', async () => {
    const of = await restarted(8);
    for (const name of [A, B]) await write(of, name, 4);
    await rm(join(root, 'artefacts'), { recursive: true });
    await upkeeps[0]?.look();
    expect(cacheUsage([of], ['artefacts'])).toEqual([
      { folder: 'artefacts', bytes: 0, files: 0, oldestUse: undefined },
    ]);
  });

  it('a disk that takes no order of use is told of, and costs nothing else', async () => {
    await mkdir(join(root, 'order-of-use.json', 'in-the-way'), { recursive: true });
    const of = await restarted(8);
    await write(of, A, 4);
    await upkeeps[0]?.look();
    expect(failed).toHaveLength(1);
    expect(await files(of)).toBe('a');
  });
});

it('shows what there is, and since when the oldest was not used', async () => {
  const of = space(64);
  await write(of, A, 4);
  clock += 5_000;
  await write(of, B, 8);
  expect(cacheUsage([of], ['artefacts', 'kept'])).toEqual([
    { folder: 'artefacts', bytes: 12 * KIB, files: 2, oldestUse: 1_000_000 },
    { folder: 'kept', bytes: 0, files: 0, oldestUse: undefined },
  ]);
});
