import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readTimeSynchronisation, type TimeSources } from './read-time-synchronisation.js';

let folder: string;
let nobody: TimeSources;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-time-'));
  nobody = {
    chronyc: ['no-such-program-here'],
    timedatectl: ['false'],
    timesyncd: join(folder, 'synchronized'),
  };
});
afterAll(() => rm(folder, { recursive: true }));

it('R06: is unknown where nobody can be asked', async () => {
  expect(await readTimeSynchronisation(nobody)).toEqual({ state: 'unknown', source: 'none' });
});

it('R06: is what systemd-timesyncd left, where no program answers', async () => {
  await writeFile(nobody.timesyncd, '');
  expect(await readTimeSynchronisation(nobody)).toEqual({ state: 'synchronised', source: 'timesyncd' });
  const yesterday = Date.now() / 1_000 - 86_400;
  await utimes(nobody.timesyncd, yesterday, yesterday);
  expect(await readTimeSynchronisation(nobody)).toEqual({ state: 'not-synchronised', source: 'timesyncd' });
});

it('R06: does not wait for a program that never ends, nor take one that says too much', async () => {
  const slow: TimeSources = { ...nobody, chronyc: ['sleep', '3600'], timedatectl: ['yes'] };
  expect((await readTimeSynchronisation(slow)).source).toBe('timesyncd');
});

it('R06: passes what it is given to no shell', async () => {
  const quoted: TimeSources = { ...nobody, timedatectl: ['echo', 'NTPSynchronized=$(echo yes)'] };
  expect((await readTimeSynchronisation(quoted)).source).toBe('timesyncd');
  const plain: TimeSources = { ...nobody, timedatectl: ['echo', 'NTPSynchronized=yes'] };
  expect(await readTimeSynchronisation(plain)).toEqual({ state: 'synchronised', source: 'timedatectl' });
});
