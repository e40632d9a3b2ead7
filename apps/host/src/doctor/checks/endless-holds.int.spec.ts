import { afterAll, beforeAll, expect, it } from 'vitest';
import pg from 'pg';
import { event } from '#apps/projector/fixtures/history';
import type { JsonObject } from '#kernel';
import { SiteInAHome } from '../../../fixtures/site-in-a-home.js';
import { checkEndlessHolds } from './endless-holds.js';

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

const rule = (approvals: number) => ({ approvals, roles: {}, order: 'any' });
const policy = (ring: string, revision: number, rules: JsonObject) => {
  const data = { old: null, new: rules, version: revision + 1, changeRequest: 'CR-2026-0001' };
  return event(`release-policy/${ring}`, revision, 'ApprovalPolicySet', data);
};
const says = async () => (await checkEndlessHolds(client)).says;

it('R38: names the rings whose policy asks for no second signature for a hold without an end', async () => {
  expect(await checkEndlessHolds(client)).toEqual({
    check: 'holds without an end',
    level: 'ok',
    says: 'one signature is enough in ring default, by its approval policy (hold-without-expiry)',
  });
  await site.append(event('rings', 0, 'RingCreated', { ring: 'pilot', order: ['pilot', 'default'] }));
  expect(await says()).toMatch(/^one signature is enough in rings pilot, default, /);
  const both = { default: rule(1), kinds: { 'hold-without-expiry': rule(2) } };
  await site.append(policy('default', 0, both));
  expect(await says()).toMatch(/^one signature is enough in ring pilot, /);
  await site.append(policy('pilot', 0, both));
  expect(await says()).toBe('two persons sign one at least, in every ring');
  await site.append(policy('default', 1, { default: rule(1), kinds: {} }));
  expect(await says()).toMatch(/^one signature is enough in ring default, /);
});
