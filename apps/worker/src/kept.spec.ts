import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { BlobLayout } from '#blob-store/filesystem/blob-layout';
import { openKept } from './kept.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-kept-'));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

it('calls what it found altered after an unclean stop damaged, and not what it could not read', async () => {
  const layout = new BlobLayout(folder);
  const [altered, unread] = ['ab'.repeat(32), 'cd'.repeat(32)];
  await mkdir(layout.blob(unread), { recursive: true });
  await mkdir(layout.shard(altered));
  await writeFile(layout.blob(altered), 'altered');
  await writeFile(layout.marker, '');
  const kept = await openKept({ blobs: undefined, keptDir: folder, spoolDir: folder });
  const why = 'its content had another SHA-256 after an unclean stop';
  expect(kept.damaged).toEqual([{ digest: altered, why }]);
  await kept.close();
});
