import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BlobLayout } from '#blob-store/filesystem/blob-layout';
import { FilesystemBlobStore } from '#blob-store/filesystem/filesystem-blob-store';
import { IntactBlobs } from './intact-blobs.js';
import type { ServedFile } from './served-file.js';

const content = randomBytes(200_000);

let folder: string;
let store: FilesystemBlobStore;
let blobs: IntactBlobs;
let artefact: { readonly sha256: string; readonly size: number };
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-intact-'));
  store = await FilesystemBlobStore.open(folder);
  artefact = await store.put(whole());
  path = new BlobLayout(folder).blob(artefact.sha256);
  blobs = new IntactBlobs((digest) => store.openFile(digest));
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

async function* whole(): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(content);
}

async function opened(): Promise<ServedFile> {
  const file = await blobs.open(artefact);
  if (typeof file === 'string') throw new Error(`it is ${file}`);
  return file;
}

/** What a device would get. */
async function sent({ file, verified }: ServedFile): Promise<Buffer> {
  try {
    const bytes = await readFile(file);
    await verified();
    return bytes;
  } finally {
    await file.close();
  }
}

describe('IntactBlobs', () => {
  it('sends what it verified when another file gets the name meanwhile, or breaks off', async () => {
    const before = await opened();
    const another = join(dirname(path), 'another');
    await writeFile(another, Buffer.alloc(content.length));
    await rename(another, path);
    expect(await sent(before).catch(() => content)).toEqual(content);
    expect(await blobs.open(artefact)).toBe('altered');
    expect(await blobs.check(artefact)).toBe('altered');
  });

  it('breaks off when the file is written to meanwhile', async () => {
    const before = await opened();
    await writeFile(path, Buffer.alloc(content.length));
    await expect(sent(before)).rejects.toMatchObject({ code: 'artefact-changed' });
    expect(await blobs.open(artefact)).toBe('altered');
  });

  it('says what is missing, and takes it up when it is back', async () => {
    await rename(path, join(folder, 'away'));
    expect(await blobs.check(artefact)).toBe('missing');
    expect(await blobs.open(artefact)).toBe('missing');
    await rename(join(folder, 'away'), path);
    expect(await sent(await opened())).toEqual(content);
    expect(await blobs.check(artefact)).toBe('intact');
  });
});
