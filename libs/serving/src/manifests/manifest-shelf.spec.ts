import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { canonicalBytes, sha256Hex } from '#kernel';
import { BlobStoreError } from '#blob-store/port';
import type { PolicyEntry } from '#release-control/published';
import type { BlobReader } from '#blob-store/port';
import { ManifestShelf } from './manifest-shelf.js';

const manifest = {
  v: 1,
  format: 'snap',
  subject: 'labhelloidlabhelloidlabhelloid01',
  name: 'lab-hello',
  version: '1',
  architectures: ['all'],
  defaultTrack: null,
  snap: { name: 'lab-hello', revision: 1 },
  blob: { sha256: 'a'.repeat(64), sha3_384: 'b'.repeat(96), size: 4096 },
  assertions: [],
};
const bytes = canonicalBytes(manifest);
const entry: PolicyEntry = {
  format: 'snap',
  subject: manifest.subject,
  channel: 'latest/stable',
  architecture: 'amd64',
  name: 'lab-hello',
  version: '1',
  manifest: sha256Hex(bytes),
};

let folder: string;
let kept: Map<string, Uint8Array>;
let unusable: string[];
let notCopied: number;
/** Until then the kept blobs say nothing. */
let silent: Promise<void>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-shelf-'));
  kept = new Map([[entry.manifest, bytes]]);
  unusable = [];
  notCopied = 0;
  silent = Promise.resolve();
});

afterEach(() => rm(folder, { recursive: true, force: true }));

function shelf(): ManifestShelf {
  const blobs = {
    read: async (digest: string) => {
      await silent;
      const found = kept.get(digest);
      if (!found) throw new BlobStoreError('not-found', `there is no blob ${digest}`);
      return found;
    },
  };
  return new ManifestShelf(
    folder,
    blobs as unknown as BlobReader,
    (_entry, message) => unusable.push(message),
    () => notCopied++,
  );
}

describe('what no policy in force names any more', () => {
  const others = Array.from({ length: 1_003 }, (_, n) => `${n.toString(16).padStart(64, '0')}.json`);

  it('goes, the oldest first, but for the newest thousand; what is in force stays, however old', async () => {
    const on = shelf();
    await on.manifestOf(entry);
    await utimes(join(folder, `${entry.manifest}.json`), 0, 0);
    for (const [age, name] of others.entries()) {
      await writeFile(join(folder, name), '{}');
      await utimes(join(folder, name), 1 + age, 1 + age);
    }
    await on.keepOnly(new Set([entry.manifest]));
    const left = await readdir(folder);
    expect(left).toHaveLength(1_001);
    expect(left).toContain(`${entry.manifest}.json`);
    expect(others.slice(0, 3).filter((name) => left.includes(name))).toEqual([]);
    kept.clear();
    expect(await shelf().manifestOf(entry)).toMatchObject({ name: 'lab-hello' });
  });

  it('is read again when it is named again', async () => {
    const on = shelf();
    await on.manifestOf(entry);
    await on.keepOnly(new Set());
    await rm(join(folder, `${entry.manifest}.json`));
    expect(await on.manifestOf(entry)).toMatchObject({ name: 'lab-hello' });
    kept.clear();
    await on.keepOnly(new Set());
    await rm(join(folder, `${entry.manifest}.json`));
    expect(await on.manifestOf(entry)).toBeUndefined();
  });

  it('is nothing where nothing was ever copied', async () => {
    await rm(folder, { recursive: true });
    await expect(shelf().keepOnly(new Set())).resolves.toBeUndefined();
  });
});

describe('the shelf of manifests', () => {
  it('obeys one that it cannot copy, and copies it once it can', async () => {
    const inTheWay = join(folder, `${entry.manifest}.json.new`);
    await mkdir(inTheWay);
    const full = shelf();
    expect(await full.manifestOf(entry)).toEqual(manifest);
    await full.copyLate();
    expect(notCopied).toBe(1);
    await rm(inTheWay, { recursive: true });
    await full.copyLate();
    kept.clear();
    expect(await shelf().manifestOf(entry)).toEqual(manifest);
    expect({ notCopied, unusable }).toEqual({ notCopied: 1, unusable: [] });
  });

  it('fetches one once for all targets that share it', async () => {
    const both = shelf();
    const found = await Promise.all(
      ['amd64', 'arm64'].map((architecture) => both.manifestOf({ ...entry, architecture })),
    );
    expect(found).toEqual([manifest, manifest]);
    expect(await readdir(folder)).toEqual([`${entry.manifest}.json`]);
  });

  it('needs nothing but its folder after a restart', async () => {
    await shelf().manifestOf(entry);
    kept.clear();
    expect(await shelf().manifestOf(entry)).toEqual(manifest);
  });

  it('looks again for one that was missing, and says so once', async () => {
    kept.clear();
    const same = shelf();
    expect(await same.manifestOf(entry)).toBeUndefined();
    expect(await same.manifestOf(entry)).toBeUndefined();
    expect(unusable).toHaveLength(1);
    kept.set(entry.manifest, bytes);
    expect(await same.manifestOf(entry)).toEqual(manifest);
  });

  it('does without one that does not come in time, and takes it up when it has come', async () => {
    const silence = Promise.withResolvers<void>();
    silent = silence.promise;
    const same = shelf();
    expect(await same.manifestOf(entry)).toBeUndefined();
    expect(unusable).toEqual([expect.stringContaining('silent')]);
    silence.resolve();
    expect(await same.manifestOf(entry)).toEqual(manifest);
  }, 10_000);

  it('takes no local copy that was edited', async () => {
    await shelf().manifestOf(entry);
    await writeFile(join(folder, `${entry.manifest}.json`), '{}');
    expect(await shelf().manifestOf(entry)).toEqual(manifest);
  });

  it('hands out nothing that is of another revision than the policy says', async () => {
    expect(await shelf().manifestOf({ ...entry, version: '2' })).toBeUndefined();
    expect(unusable).toEqual(['the manifest is of another version']);
  });
});
