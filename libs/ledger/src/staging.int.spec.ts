import { readdir, readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entries, LedgerOnDisk, signer } from '../fixtures/ledger-on-disk.js';
import { LedgerWriter } from './ledger-writer.js';

let disk: LedgerOnDisk;
beforeEach(async () => {
  disk = await LedgerOnDisk.make();
});
afterEach(async () => disk[Symbol.asyncDispose]());

const fencedOut = { name: 'LedgerError', code: 'fenced-out' };

/** @param meanwhile happens between the check of the lease and the writing of the checkpoint */
function open(
  epoch: bigint,
  meanwhile: () => Promise<unknown> = async () => undefined,
): Promise<LedgerWriter> {
  return LedgerWriter.open(disk, signer, {
    epoch,
    during: async (work) => {
      await meanwhile();
      return work();
    },
  });
}

async function checkpoints(): Promise<string[]> {
  return Promise.all(
    [disk.folder, disk.secondFolder].map((folder) => readFile(`${folder}/checkpoint`, 'utf8')),
  );
}

describe('a writer of the ledger whose successor has opened it', () => {
  it('can sign nothing any more', async () => {
    const before = await open(1n);
    const after = await open(2n);
    before.append(0n, entries(0, 3));
    await expect(before.seal()).rejects.toMatchObject(fencedOut);
    after.append(0n, entries(0, 5));
    await after.seal();
    const sealed = await checkpoints();
    await expect(before.seal()).rejects.toMatchObject(fencedOut);
    expect(await checkpoints()).toEqual(sealed);
  });

  it('can sign nothing, though it stood still after its lease was checked, until the successor had sealed', async () => {
    let after: LedgerWriter | undefined;
    const before = await open(1n, async () => {
      after = await open(2n);
      after.append(0n, entries(0, 5));
      await after.seal();
    });
    before.append(0n, entries(0, 3));
    await expect(before.seal()).rejects.toMatchObject(fencedOut);
    expect(after?.sealedSize).toBe(5n);
    after?.append(5n, entries(5, 6));
    await after?.seal();
    expect((await open(3n)).sealedSize).toBe(6n);
  });

  it('can sign nothing, though it stood still after its last look at the checkpoints', async () => {
    const before = await open(1n, async () => void (await open(2n)));
    const founded = await checkpoints();
    before.append(0n, entries(0, 3));
    await expect(before.seal()).rejects.toMatchObject(fencedOut);
    expect(await checkpoints()).toEqual(founded);
  });

  it('cannot open it again', async () => {
    await open(2n);
    await expect(open(1n)).rejects.toMatchObject(fencedOut);
    expect((await open(2n)).size).toBe(0n);
  });

  it('leaves nothing behind', async () => {
    await open(1n);
    await open(12n);
    const hidden = async (folder: string): Promise<string[]> =>
      (await readdir(folder)).filter((name) => name.startsWith('.'));
    expect(await hidden(disk.folder)).toEqual(['.writing-12']);
    expect(await hidden(disk.secondFolder)).toEqual(['.writing-12']);
  });
});
