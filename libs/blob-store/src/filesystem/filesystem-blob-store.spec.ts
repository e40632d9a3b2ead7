import { access, mkdir, mkdtemp, readdir, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { blobStoreContract } from '../contract/blob-store.contract.js';
import { FilesystemBlobReader } from './filesystem-blob-reader.js';
import { FilesystemBlobStore } from './filesystem-blob-store.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-blobs-'));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

blobStoreContract('filesystem', async () => {
  const store = await FilesystemBlobStore.open(folder);
  return {
    store,
    truncate: (digest) => truncate(pathOf(digest), 3),
    dispose: () => store.close(),
  };
});

const nothingFound = { quarantined: [], unreadable: [] };

describe('a blob folder', () => {
  it('lays blobs out by the first two characters, readable by others while it is open', async () => {
    const store = await FilesystemBlobStore.open(folder);
    const { sha256 } = await store.put(content('kept'));
    await access(pathOf(sha256));
    expect(Buffer.from(await new FilesystemBlobReader(folder).read(sha256)).toString()).toBe('kept');
    expect(await readdir(join(folder, 'tmp'))).toEqual([]);
  });

  it('leaves no temporary file behind when it refuses a content', async () => {
    const store = await FilesystemBlobStore.open(folder);
    await expect(store.put(content('kept'), { size: 3 })).rejects.toMatchObject({ code: 'size-mismatch' });
    expect(await readdir(join(folder, 'tmp'))).toEqual([]);
    expect(await readdir(join(folder, 'sha256'))).toEqual([]);
  });

  it('sweeps what a crash left while writing', async () => {
    const crashed = await FilesystemBlobStore.open(folder);
    const { sha256 } = await crashed.put(content('kept'));
    await writeFile(join(folder, 'tmp', 'half-written'), 'ke');

    const store = await FilesystemBlobStore.open(folder);
    expect(store.recovery).toEqual({ afterUncleanStop: true, swept: 1, verified: 1, ...nothingFound });
    expect(await readdir(join(folder, 'tmp'))).toEqual([]);
    expect(await store.verify(sha256)).toBe(true);
  });

  it('quarantines what a lying disk truncated in the crash', async () => {
    const crashed = await FilesystemBlobStore.open(folder);
    const whole = await crashed.put(content('whole'));
    const damaged = await crashed.put(content('damaged'));
    await truncate(pathOf(damaged.sha256), 2);

    const store = await FilesystemBlobStore.open(folder);
    expect(store.recovery).toMatchObject({ verified: 2, quarantined: [damaged.sha256] });
    expect(await store.size(damaged.sha256)).toBeUndefined();
    expect(await readdir(join(folder, 'quarantine'))).toEqual([damaged.sha256]);
    expect(await store.verify(whole.sha256)).toBe(true);
  });

  it('opens with a blob that cannot be read, and says which', async () => {
    const crashed = await FilesystemBlobStore.open(folder);
    const whole = await crashed.put(content('whole'));
    const { sha256 } = await crashed.put(content('on a bad sector'));
    await beUnreadable(sha256);

    const store = await FilesystemBlobStore.open(folder);
    expect(store.recovery).toMatchObject({
      verified: 1,
      quarantined: [],
      unreadable: [{ digest: sha256, code: 'EISDIR' }],
    });
    expect(await store.verify(whole.sha256)).toBe(true);
    await expect(store.verify(sha256)).rejects.toThrow(`cannot read blob ${sha256} again: EISDIR`);
  });

  it('counts as read only what it has read', async () => {
    const crashed = await FilesystemBlobStore.open(folder);
    await crashed.put(content('whole'));
    const { sha256 } = await crashed.put(content('nowhere to be found'));
    await rm(pathOf(sha256));
    await symlink('nowhere', pathOf(sha256));
    const { recovery } = await FilesystemBlobStore.open(folder);
    expect(recovery).toMatchObject({ verified: 1, unreadable: [{ digest: sha256, code: 'ENOENT' }] });
  });

  it('does not open when what is damaged cannot be moved', async () => {
    const crashed = await FilesystemBlobStore.open(folder);
    const { sha256 } = await crashed.put(content('damaged'));
    await truncate(pathOf(sha256), 2);
    await mkdir(join(folder, 'quarantine', sha256), { recursive: true });
    await expect(FilesystemBlobStore.open(folder)).rejects.toMatchObject({
      code: 'unavailable',
      cause: { code: 'EISDIR' },
    });
  });

  it('reads again only what was written last', async () => {
    const crashed = await FilesystemBlobStore.open(folder);
    const old = await crashed.put(content('old'));
    await crashed.put(content('new'));
    const longAgo = new Date(Date.now() - 24 * 60 * 60 * 1000);
    await utimes(pathOf(old.sha256), longAgo, longAgo);
    expect((await FilesystemBlobStore.open(folder)).recovery.verified).toBe(1);
  });

  it('reads nothing again after a clean close', async () => {
    const first = await FilesystemBlobStore.open(folder);
    await first.put(content('kept'));
    await first.close();
    const second = await FilesystemBlobStore.open(folder);
    expect(second.recovery).toEqual({ afterUncleanStop: false, swept: 0, verified: 0, ...nothingFound });
  });

  it('says so when the folder vanished', async () => {
    const store = await FilesystemBlobStore.open(folder);
    await rm(join(folder, 'tmp'), { recursive: true });
    await expect(store.put(content('kept'))).rejects.toMatchObject({ code: 'unavailable' });
  });
});

function pathOf(digest: string): string {
  return join(folder, 'sha256', digest.slice(0, 2), digest);
}

/** A folder in the file's place can be listed, and looked at, and not read: what the system says of a bad sector, with another code. */
async function beUnreadable(digest: string): Promise<void> {
  await rm(pathOf(digest));
  await mkdir(pathOf(digest));
}

async function* content(text: string): AsyncGenerator<Uint8Array> {
  yield Promise.resolve(Buffer.from(text));
}
