import { execFile } from 'node:child_process';
import { chmod, cp, lstat, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { installedPackage, postgresBinaries, removeCopiedBinaries } from './postgres-binaries.js';

let folder: string;
let root: string;
let home: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-binaries-'));
  await chmod(folder, 0o755);
  root = path.join(folder, 'installed');
  for (const part of ['package.json', 'native']) {
    await cp(path.join(installedPackage(), part), path.join(root, part), {
      recursive: true,
      verbatimSymlinks: true,
    });
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

beforeEach(async () => {
  home = path.join(folder, 'home');
  await mkdir(home);
});
afterEach(async () => {
  await removeCopiedBinaries(home);
  await rm(home, { recursive: true, force: true });
});

/** The package as npm leaves it that was told to run no install scripts. */
async function installedWithoutScripts(mode: number): Promise<string> {
  await chmod(root, mode);
  for (const entry of await readdir(path.join(root, 'native'), { recursive: true, withFileTypes: true }))
    if (entry.isSymbolicLink()) await rm(path.join(entry.parentPath, entry.name));
  return root;
}

async function version(program: string): Promise<string> {
  return (await promisify(execFile)(program, ['--version'])).stdout;
}

describe('postgresBinaries', () => {
  it('makes the links that the install script would have made', async () => {
    const installed = await installedWithoutScripts(0o755);
    const { initdb, postgres } = await postgresBinaries(home, true, installed);
    expect(path.dirname(postgres)).toBe(path.join(installed, 'native/bin'));
    expect(await version(postgres)).toContain('PostgreSQL');
    // initdb cannot even load without the link to libpq.
    expect(await version(initdb)).toContain('PostgreSQL');
    expect(await readdir(home)).toEqual([]);
  });

  it('copies what another user could not reach, once, and removes the copy', async () => {
    const installed = await installedWithoutScripts(0o700);
    const { initdb } = await postgresBinaries(home, true, installed);
    const copy = await readFile(path.join(home, 'binaries'), 'utf8');
    expect(initdb).toBe(path.join(copy, 'native/bin/initdb'));
    expect(await version(initdb)).toContain('PostgreSQL');
    expect((await postgresBinaries(home, true, installed)).initdb).toBe(initdb);
    await removeCopiedBinaries(home);
    await expect(lstat(copy)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await readdir(home)).toEqual([]);
  });

  it('makes the copy elsewhere when the home cannot be reached either', async () => {
    const installed = await installedWithoutScripts(0o700);
    await chmod(home, 0o700);
    const { initdb } = await postgresBinaries(home, true, installed);
    expect(path.dirname(path.dirname(path.dirname(path.dirname(initdb))))).toBe(tmpdir());
  });

  it('runs no copy that others may have changed', async () => {
    const installed = await installedWithoutScripts(0o700);
    await postgresBinaries(home, true, installed);
    const copy = await readFile(path.join(home, 'binaries'), 'utf8');
    await chmod(copy, 0o777);
    const again = await postgresBinaries(home, true, installed);
    expect(again.initdb.startsWith(copy)).toBe(false);
    await rm(copy, { recursive: true });
  });

  it('uses what is installed when we run it ourselves', async () => {
    const installed = await installedWithoutScripts(0o700);
    const { initdb } = await postgresBinaries(home, false, installed);
    expect(initdb).toBe(path.join(installed, 'native/bin/initdb'));
  });
});
