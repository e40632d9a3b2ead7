import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pairText } from '#platform/tls/tls-pair';
import { selfSigned } from '#platform/tls/writing/self-signed';
import { Home } from '../../home.js';
import { checkCertificate } from './certificate.js';

const AT = Date.parse('2026-11-26T12:00:00.000Z');
const DAY_MS = 86_400_000;
let home: Home;
beforeAll(async () => {
  home = new Home(await mkdtemp(path.join(tmpdir(), 'holdfast-doctor-')));
  await home.make();
});
afterAll(() => rm(home.folder, { recursive: true }));

it('finds none, a good one, one that ends, and what is none', async () => {
  const found = (at = AT) => checkCertificate({ home, env: {} }, at);
  const says = (sentence: string) => expect.stringContaining(sentence) as string;
  expect(await found()).toMatchObject({ level: 'ok', says: says('plain HTTP') });
  const file = home.secret('certificate.pem');
  await writeFile(file, pairText(selfSigned(['store.example'], 30, AT)));
  expect(await found()).toMatchObject({
    level: 'ok',
    says: 'it is for store.example, until 2026-12-26T12:00:00.000Z',
  });
  const plain = { HOLDFAST_CONTROL_URL: 'http://control.example' };
  expect(await checkCertificate({ home, env: plain }, AT)).toMatchObject({
    level: 'fail',
    says: says('HOLDFAST_CONTROL_URL must begin with https://'),
  });
  expect(await found(AT + 17 * DAY_MS)).toMatchObject({
    level: 'warn',
    says: says('it expires in 13 days, on 2026-12-26'),
  });
  expect(await found(AT + 30 * DAY_MS)).toMatchObject({
    level: 'fail',
    says: says('it has expired, on 2026-12-26'),
  });
  await writeFile(file, 'garbage');
  expect(await found()).toMatchObject({ level: 'fail', says: says('no certificate was given') });
  const env = { HOLDFAST_CERTIFICATE_FILE: path.join(home.folder, 'elsewhere.pem') };
  expect(await checkCertificate({ home, env }, AT)).toMatchObject({ level: 'ok' });
});
