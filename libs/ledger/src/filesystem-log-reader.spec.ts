import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { MAX_BUNDLE_SIZE } from '#tlog';
import { filesystemLogReader } from './filesystem-log-reader.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-log-reader-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('reads the files of a log, and none that is larger than its largest', async () => {
  const reader = filesystemLogReader(folder);
  const file = path.join(folder, 'checkpoint');
  expect(await reader.read('checkpoint')).toBeUndefined();
  await writeFile(file, 'a note');
  expect(await reader.read('checkpoint')).toEqual(Buffer.from('a note'));
  expect(await reader.read('checkpoint/below')).toBeUndefined();
  await truncate(file, MAX_BUNDLE_SIZE + 1);
  await expect(reader.read('checkpoint')).rejects.toMatchObject({ code: 'malformed-bundle' });
});
