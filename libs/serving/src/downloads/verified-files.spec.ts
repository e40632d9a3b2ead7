import { createHash, randomBytes } from 'node:crypto';
import { appendFile, mkdtemp, open, rename, rm, writeFile, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { mustBeUnchanged, VerifiedFiles } from './verified-files.js';

const content = randomBytes(1_300_000);
const digest = createHash('sha256').update(content).digest('hex');

let folder: string;
let path: string;
let altered: string[];
let files: VerifiedFiles;
let opened: FileHandle[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-verified-'));
  path = join(folder, 'artefact');
  await writeFile(path, content);
  altered = [];
  opened = [];
  files = new VerifiedFiles('sha256', (name) => Promise.resolve(void altered.push(name)));
});
afterEach(async () => {
  await Promise.all(opened.map((file) => file.close()));
  await rm(folder, { recursive: true });
});

async function handle(): Promise<FileHandle> {
  const file = await open(path, 'r');
  opened.push(file);
  return file;
}

describe('VerifiedFiles', () => {
  it('reads a file once for many who ask at the same time, and not again', async () => {
    const asking = await Promise.all(Array.from({ length: 20 }, handle));
    const reads = asking.map((file) => vi.spyOn(file, 'read'));
    const found = await Promise.all(asking.map((file) => files.check(file, digest)));
    expect(new Set(found).size).toBe(1);
    expect(found[0]).toBeDefined();
    const later = await handle();
    reads.push(vi.spyOn(later, 'read'));
    expect(await files.check(later, digest)).toBe(found[0]);
    expect(reads.filter(({ mock }) => mock.calls.length > 0)).toHaveLength(1);
  });

  it('judges the file that is open, whatever has its name by now', async () => {
    const before = await handle();
    await writeFile(join(folder, 'another'), 'something else');
    await rename(join(folder, 'another'), path);
    expect(await files.check(before, digest)).toBeDefined();
    expect(await files.check(await handle(), digest)).toBeUndefined();
    expect(altered).toEqual([digest]);
  });

  it('tells of an altered file once, to all who wait for it', async () => {
    await writeFile(path, 'something else');
    const asking = await Promise.all(Array.from({ length: 5 }, handle));
    const found = await Promise.all(asking.map((file) => files.check(file, digest)));
    expect(found).toEqual(Array(5).fill(undefined));
    expect(altered).toEqual([digest]);
  });

  it('vouches for nothing that is written to while it is read', async () => {
    const file = await handle();
    const { read } = file;
    let meanwhile: Promise<void> | undefined = undefined;
    vi.spyOn(file, 'read').mockImplementation(async (...call: unknown[]) => {
      const result = await (read as (...given: unknown[]) => ReturnType<typeof read>).apply(file, call);
      if (result.bytesRead === 0) await (meanwhile ??= appendFile(path, '!'));
      return result;
    });
    await expect(files.check(file, digest)).rejects.toMatchObject({ code: 'artefact-changed' });
    expect(await files.check(await handle(), digest)).toBeUndefined();
  });

  it('notices a write after it', async () => {
    const file = await handle();
    const fingerprint = (await files.check(file, digest)) ?? '';
    await mustBeUnchanged(file, fingerprint);
    await writeFile(path, content);
    await expect(mustBeUnchanged(file, fingerprint)).rejects.toMatchObject({ code: 'artefact-changed' });
  });
});
