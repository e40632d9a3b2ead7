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
const BOTH = 'whoever signs gives a password and a second component';
const says = async (given?: string) => (await checkSigning(client, given)).says;

it('R22: says with which two components people sign', async () => {
  const named = `${BOTH}; who has none gives login and password`;
  expect(await checkSigning(client, undefined)).toEqual({ check: 'signing', level: 'ok', says: named });
  // The environment may ask for more than what is decided, and never for less.
  expect(await says('required')).toBe(BOTH);
  await site.append(decided(0, null, 'required'));
  expect(await says('optional')).toBe(BOTH);
  await site.append(decided(1, 'required', null));
  expect(await says()).toBe(named);
});
