import { mkdir, readFile, rm, writeFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryLog, verifyLog } from '#tlog';
import { entries, entry, LedgerOnDisk, signer, verifiers } from '../fixtures/ledger-on-disk.js';
import { filesystemLogReader } from './filesystem-log-reader.js';

let disk: LedgerOnDisk;
beforeEach(async () => {
  disk = await LedgerOnDisk.make();
});
afterEach(() => disk[Symbol.asyncDispose]());

const CHECKPOINT = ['ledger/checkpoint', 'ledger-second/checkpoint'];

/** Which files of a log of `size` are not there as they should be, in both places. */
async function faults(size: number): Promise<string[]> {
  const files = await disk.files();
  const expected = new MemoryLog(entries(0, size), signer).files;
  const wrong = [...expected]
    .filter(([name, bytes]) => files.get(name)?.equals(bytes) !== true)
    .map(([name]) => name);
  const second = await readFile(path.join(disk.secondFolder, 'checkpoint'));
  if (!expected.get('checkpoint')?.equals(second)) wrong.push('second checkpoint');
  await verifyLog(filesystemLogReader(disk.folder), verifiers);
  return wrong;
}

describe('a ledger', () => {
  it('is a signed log of nothing before the first event', async () => {
    await disk.open();
    expect(await faults(0)).toEqual([]);
    expect(await readFile(disk.file('log.vkey'), 'utf8')).toBe(`${signer.vkey}\n`);
  });

  it('has the files of a log made in one go, however its bursts were', async () => {
    const writer = await disk.open();
    let size = 0;
    for (const burst of [1, 1, 253, 1, 1, 300, 255, 700]) {
      writer.append(BigInt(size), entries(size, size + burst));
      size += burst;
      await writer.seal();
    }
    expect(await faults(size)).toEqual([]);
  });

  it('goes on where it was after each restart', async () => {
    for (const size of [3, 256, 257, 511, 512, 1025]) {
      await disk.grow(size);
      expect(await faults(size)).toEqual([]);
    }
  });

  it('fills a tile of the third level', async () => {
    await disk.grow(65_500);
    await disk.grow(65_540);
    expect(await faults(65_540)).toEqual([]);
  });

  it('seals nothing in one place alone, and goes on when the other has room again', async () => {
    const writer = await disk.open();
    writer.append(0n, entries(0, 3));
    await writer.seal();
    // In the way of the files that are written first: as good as a full disk.
    const writing = (await readdir(disk.secondFolder)).filter((name) => name.startsWith('.writing-'));
    const inTheWay = Array.from({ length: 20 }, (_, n) =>
      path.join(disk.secondFolder, String(writing), String(n)),
    );
    for (const folder of inTheWay) await mkdir(folder);
    writer.append(3n, entries(3, 5));
    await expect(writer.seal()).rejects.toThrow('EISDIR');
    expect(writer.sealedSize).toBe(5n);
    await expect(writer.seal()).rejects.toThrow('EISDIR');
    writer.append(5n, entries(5, 7));
    await expect(writer.seal()).rejects.toThrow('EISDIR');
    expect(writer.sealedSize).toBe(5n);
    for (const folder of inTheWay) await rm(folder, { recursive: true });
    await writer.seal();
    expect(await faults(7)).toEqual([]);
  });

  it('keeps partial tiles until the full one is sealed', async () => {
    await disk.grow(3);
    await disk.grow(200);
    expect([...(await disk.files()).keys()]).toEqual(
      expect.arrayContaining([
        'tile/0/000.p/3',
        'tile/0/000.p/200',
        'tile/entries/000.p/3',
        'tile/entries/000.p/200',
      ]),
    );
    await disk.grow(257);
    const left = [...(await disk.files()).keys()].filter(
      (name) => name.includes('000.p/') && !name.startsWith('tile/1/'),
    );
    expect(left).toEqual([]);
  });

  it('signs nothing when nothing came', async () => {
    await disk.grow(3);
    const before = await disk.files();
    await disk.grow(3);
    expect(await disk.files()).toEqual(before);
  });

  it.each([0, 4, 255, 256, 699])('knows the root up to entry %i, sealed or not', async (position) => {
    const writer = await disk.grow(300);
    writer.append(300n, entries(300, 700));
    const log = new MemoryLog(entries(0, position + 1), signer);
    expect(String(log.files.get('checkpoint')).split('\n')[2]).toBe(writer.rootAt(BigInt(position)));
    expect(() => writer.rootAt(700n)).toThrow(RangeError);
  });
});

describe('a replay', () => {
  it('adds nothing when the entries are those that were sealed', async () => {
    const writer = await disk.grow(600);
    writer.append(0n, entries(0, 600));
    expect(writer.size).toBe(600n);
    writer.append(590n, entries(590, 610));
    await writer.seal();
    expect(await faults(610)).toEqual([]);
  });

  it.each([0, 255, 256, 599])('refuses another entry %i and names it', async (position) => {
    const writer = await disk.grow(600);
    const altered = entries(0, 600).with(position, Buffer.from('{}'));
    expect(() => writer.append(0n, altered)).toThrow(
      expect.objectContaining({ code: 'entry-differs', position: BigInt(position) }),
    );
  });

  it('refuses a gap', async () => {
    const writer = await disk.grow(3);
    expect(() => writer.append(4n, [entry(4)])).toThrow(RangeError);
  });
});

describe('a crash', () => {
  it.each([
    [200, 210],
    [200, 256],
    [200, 300],
    [512, 513],
  ])('between tiles and checkpoint, at %i to %i, is made good by the same events', async (size, next) => {
    await disk.grow(size);
    await disk.keep('before');
    await disk.grow(next);
    // The crash came before partial tiles were removed: all files of both moments are there.
    const partial = size % 256 === 0 ? [] : ['ledger/tile/0/000.p', 'ledger/tile/entries/000.p'];
    await disk.bringBack('before', ...CHECKPOINT, ...partial);
    const writer = await disk.open();
    expect(writer.size).toBe(BigInt(size));
    writer.append(BigInt(size), entries(size, next));
    await writer.seal();
    expect(await faults(next)).toEqual([]);
  });

  it('in the middle of a file leaves nothing that is read', async () => {
    await disk.grow(300);
    await writeFile(disk.file('checkpoint.tmp'), 'releases.exam');
    await writeFile(disk.file('tile/0/001.p/44.tmp'), 'half');
    await disk.grow(301);
    expect(await faults(301)).toEqual([]);
  });

  it('between the two checkpoints leaves the second behind, and it is brought up', async () => {
    await disk.grow(200);
    await disk.keep('before');
    await disk.grow(300);
    await disk.bringBack('before', 'ledger-second/checkpoint');
    await disk.open();
    expect(await faults(300)).toEqual([]);
  });

  it('at the very first start leaves a ledger that can be founded', async () => {
    await disk.open();
    await rm(disk.file('checkpoint'));
    await disk.grow(5);
    expect(await faults(5)).toEqual([]);
  });
});

describe('what is refused before anything is signed', () => {
  const disagree = { code: 'checkpoints-disagree' };
  const damaged = { code: 'ledger-damaged' };

  beforeEach(async () => {
    await disk.grow(200);
    await disk.keep('old');
    await disk.grow(600);
  });

  it('an old copy of the folder', async () => {
    await disk.bringBack('old', 'ledger');
    await expect(disk.open()).rejects.toMatchObject(disagree);
  });

  it('a folder that is gone', async () => {
    await rm(disk.folder, { recursive: true });
    await expect(disk.open()).rejects.toMatchObject(disagree);
  });

  it('a second place that is gone', async () => {
    await rm(disk.secondFolder, { recursive: true });
    await expect(disk.open()).rejects.toMatchObject(disagree);
  });

  it('a second place of another history under the same key', async () => {
    const other = new MemoryLog(entries(1, 300), signer).files.get('checkpoint') ?? '';
    await writeFile(path.join(disk.secondFolder, 'checkpoint'), other);
    await expect(disk.open()).rejects.toMatchObject(disagree);
  });

  it('a checkpoint that somebody edited', async () => {
    const note = await readFile(disk.file('checkpoint'), 'utf8');
    await writeFile(disk.file('checkpoint'), note.replace('\n600\n', '\n599\n'));
    await expect(disk.open()).rejects.toMatchObject(disagree);
  });

  it('a second writer', async () => {
    const [one, two] = [await disk.open(), await disk.open()];
    one.append(600n, [entry(600)]);
    two.append(600n, [Buffer.from('{}')]);
    await one.seal();
    await expect(two.seal()).rejects.toMatchObject(disagree);
    await disk.grow(602);
    expect(await faults(602)).toEqual([]);
  });

  it.each(['tile/0/002.p/88', 'tile/1/000.p/2', 'tile/entries/002.p/88'])(
    'a changed or missing %s',
    async (name) => {
      const bytes = await readFile(disk.file(name));
      bytes.writeUInt8(bytes.readUInt8(40) ^ 1, 40);
      await writeFile(disk.file(name), bytes);
      await expect(disk.open()).rejects.toMatchObject(damaged);
      await rm(disk.file(name));
      await expect(disk.open()).rejects.toMatchObject(damaged);
    },
  );
});
