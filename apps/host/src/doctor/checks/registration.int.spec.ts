import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AUTHORITY, DEVELOPER, TestAuthority, TIMESTAMP } from '#snap/testing/authority';
import { Home } from '../../home.js';
import { checkRegistration } from './registration.js';

let home: Home;
beforeAll(async () => {
  home = new Home(await mkdtemp(path.join(tmpdir(), 'holdfast-doctor-')));
  await home.make();
});
afterAll(() => rm(home.folder, { recursive: true }));

it('finds none, one that leads here, one that leads elsewhere, and what is none', async () => {
  const found = (url?: string) => checkRegistration({ home, env: url ? { HOLDFAST_PROXY_URL: url } : {} });
  const says = (sentence: string) => expect.stringContaining(sentence) as string;
  expect(await found()).toMatchObject({ level: 'ok', says: says('there is none') });
  const store = new TestAuthority().sign('store', {
    'authority-id': AUTHORITY,
    store: 'lab-proxy',
    'operator-id': DEVELOPER,
    url: 'https://store.site.example',
    timestamp: TIMESTAMP,
  });
  await writeFile(home.secret('registration.assert'), store.bytes);
  expect(await found('https://store.site.example/')).toMatchObject({ level: 'ok', says: says('lab-proxy') });
  expect(await found('http://store.site.example')).toMatchObject({ level: 'fail', says: says('is "http:') });
  expect(await found()).toMatchObject({ level: 'fail', says: says('HOLDFAST_PROXY_URL is not set') });
  await writeFile(home.secret('registration.assert'), 'garbage');
  expect(await found()).toMatchObject({ level: 'fail' });
});
