import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { emptyDatabase } from '#test/support/test-database';
import { setCredentials } from '../../fixtures/set-credentials.js';
import { filesIn } from '../../fixtures/folders.js';
import { SiteInAHome } from '../../fixtures/site-in-a-home.js';
import { Home } from '../home.js';
import { keyFiles } from '../key-files.js';
import { prepare } from '../prepare.js';
import { keyOf } from '../secret-files.js';
import { settingFile, writeSettingFiles } from '../setting-files.js';

const KEY = 'forward-proxy-credentials';

let site: SiteInAHome;
let backup: string;
let siteKey: Buffer;
beforeAll(async () => {
  site = await SiteInAHome.make();
  siteKey = await keyOf(site.home.secret('site.key'), false);
  await setCredentials(site.ownerUrl, siteKey, 'me:hunter2');
  const { opened } = await prepareAgain(site.home, site.ownerUrl);
  await writeSettingFiles(site.home, opened);
  await site.seal();
  backup = site.in('backup');
  await site.backUp(backup);
});
afterAll(() => site[Symbol.asyncDispose]());

function prepareAgain(home: Home, ownerUrl: string) {
  return prepare({ home, keys: keyFiles(home, {}), ownerUrl, zone: 'Etc/UTC' });
}

/** On an empty machine. */
async function restore(name: string, ...more: readonly string[]) {
  const home = new Home(site.in(name));
  const { ownerUrl } = await emptyDatabase();
  const argv = ['restore', '--from', backup, '--identity', site.identityFile, ...more];
  const lines = await site.run(argv, { HOLDFAST_HOME: home.folder, DATABASE_URL: ownerUrl });
  return { home, ownerUrl, lines };
}

it('restores a secret setting, which opens under the restored key', async () => {
  const everything = [...(await filesIn(backup)).values()].join('\n');
  expect(everything).not.toContain('hunter2');
  const { home, ownerUrl, lines } = await restore('restored');
  expect(lines.join()).not.toContain(KEY);
  await expect(readFile(settingFile(home, KEY))).rejects.toThrow('ENOENT');
  const { opened } = await prepareAgain(home, ownerUrl);
  expect(opened).toEqual(new Map([[KEY, 'me:hunter2']]));
  await writeSettingFiles(home, opened);
  expect(await readFile(settingFile(home, KEY), 'utf8')).toBe('me:hunter2\n');
  const rows = 'select * from site.sealed_setting';
  expect(await site.query(rows, ownerUrl)).toEqual(await site.query(rows));
});

it('says which secret settings came after the backup', async () => {
  await setCredentials(site.ownerUrl, siteKey, 'me:another');
  await site.seal();
  const { home, ownerUrl, lines } = await restore('with-a-tail', '--tail', site.home.ledger());
  expect(lines.join('\n')).toMatch(
    new RegExp(`^the values of these secret settings .* are lost: ${KEY}`, 'm'),
  );
  expect((await prepareAgain(home, ownerUrl)).opened).toEqual(new Map([[KEY, null]]));
  expect(path.basename(settingFile(home, KEY))).toBe(`setting.${KEY}`);
});
