import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Home } from './home.js';
import { keyFiles, openKey } from './key-files.js';

let folder: string;
let home: Home;
let named: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-keys-'));
  home = new Home(path.join(folder, 'home'));
  await home.make();
  named = path.join(folder, 'ledger.key');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('openKey', () => {
  it('makes a key in the home once', async () => {
    const { ledger } = keyFiles(home, {});
    const made = await openKey(ledger, true);
    expect(await openKey(ledger, true)).toEqual(made);
    expect(await readFile(home.secret('ledger.key'), 'utf8')).toBe(`${made.toString('hex')}\n`);
  });

  it('reads a key that a setting names, and makes none beside it', async () => {
    const key = randomBytes(32);
    await writeFile(named, key.toString('hex'));
    const { ledger } = keyFiles(home, { HOLDFAST_LEDGER_KEY_FILE: named });
    expect(await openKey(ledger, true)).toEqual(key);
    expect(await readdir(path.dirname(home.secret('x')))).toEqual([]);
  });

  it('makes no key where a setting says that there is one', async () => {
    const { ledger, site } = keyFiles(home, { HOLDFAST_LEDGER_KEY_FILE: named, HOLDFAST_SITE_KEY_FILE: '' });
    await expect(openKey(ledger, true)).rejects.toThrow(
      `HOLDFAST_LEDGER_KEY_FILE names ${named}, which is missing: put the key there`,
    );
    expect(site).toEqual({ path: home.secret('site.key'), setting: undefined });
  });

  it('refuses what is no key', async () => {
    await writeFile(named, 'secret');
    const { ledger } = keyFiles(home, { HOLDFAST_LEDGER_KEY_FILE: named });
    await expect(openKey(ledger, true)).rejects.toThrow(`${named} is not a key of 32 bytes in hex`);
  });
});
