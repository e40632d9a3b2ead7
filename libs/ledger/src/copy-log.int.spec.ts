import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryLog, verifyLog } from '#tlog';
import { entries, LedgerOnDisk, signer, verifiers } from '../fixtures/ledger-on-disk.js';
import { copyLog } from './copy-log.js';
import { filesystemLogReader } from './filesystem-log-reader.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(`${tmpdir()}/holdfast-copy-`);
});
afterEach(() => rm(folder, { recursive: true }));

/** The copy's files under the checkpoint of a log of `size`. */
async function verifies(size: number): Promise<boolean> {
  const { files } = new MemoryLog(entries(0, size), signer);
  const copy = filesystemLogReader(folder);
  const sealed = {
    read: async (name: string) => (name === 'checkpoint' ? files.get(name) : copy.read(name)),
  };
  return (await verifyLog(sealed, verifiers)).size === BigInt(size);
}

describe('a copy of a log', () => {
  it.each([0, 1, 255, 256, 257, 1_000])('verifies, of %i entries', async (size) => {
    const log = new MemoryLog(entries(0, size), signer);
    const names = await copyLog(log, folder, BigInt(size));
    expect(new Set(['checkpoint', ...names])).toEqual(new Set(log.files.keys()));
    expect(await verifies(size)).toBe(true);
  });

  it('is that of an earlier moment, although the log went on and dropped its partial files', async () => {
    await using disk = await LedgerOnDisk.make();
    await disk.grow(300);
    await disk.grow(700);
    await copyLog(filesystemLogReader(disk.folder), folder, 300n);
    expect(await verifies(300)).toBe(true);
  });

  it('goes on, and mends what was damaged', async () => {
    await copyLog(new MemoryLog(entries(0, 300), signer), folder, 300n);
    await rm(`${folder}/tile/entries/000`);
    await copyLog(new MemoryLog(entries(0, 700), signer), folder, 700n);
    expect(await verifies(700)).toBe(true);
  });

  it('names the file that the log lacks', async () => {
    const log = new MemoryLog(entries(0, 300), signer);
    log.files.delete('tile/entries/000');
    await expect(copyLog(log, folder, 300n)).rejects.toMatchObject({ code: 'missing-file' });
  });
});
