import { afterAll, beforeAll, expect, it } from 'vitest';
import pg from 'pg';
import { event } from '#apps/projector/fixtures/history';
import { SiteInAHome } from '../../../fixtures/site-in-a-home.js';
import { checkSigning } from './signing.js';

let site: SiteInAHome;
let client: pg.Client;
beforeAll(async () => {
  site = await SiteInAHome.make();
  client = new pg.Client({ connectionString: site.ownerUrl });
  await client.connect();
});
afterAll(async () => {
  await client?.end();
  await site?.[Symbol.asyncDispose]();
});

const decided = (revision: number, old: string | null, now: string | null) =>
  event('settings', revision, 'SettingChanged', { key: 'second-component', old, new: now });
const ALONE = 'who has no second component signs with the password alone, in a session';

it('R22: warns of signatures with the password alone, from the end of commissioning on', async () => {
  expect(await checkSigning(client, undefined)).toEqual({
    check: 'signing',
    level: 'ok',
    says: `${ALONE}; commissioning is not closed yet`,
  });
  await site.append(event('site', 1, 'CommissioningClosed', {}));
  expect(await checkSigning(client, undefined)).toMatchObject({
    level: 'warn',
    says: ALONE,
    todo: expect.stringContaining('second-component=required') as string,
  });
  // The environment may ask for more than what is decided, and never for less.
  expect(await checkSigning(client, 'required')).toMatchObject({ level: 'ok' });
  await site.append(decided(0, null, 'required'));
  expect(await checkSigning(client, 'optional')).toMatchObject({ level: 'ok' });
  await site.append(decided(1, 'required', null));
  expect(await checkSigning(client, undefined)).toMatchObject({ level: 'warn' });
});
