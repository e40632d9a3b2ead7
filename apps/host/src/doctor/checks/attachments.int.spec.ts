import { afterAll, beforeAll, expect, it } from 'vitest';
import pg from 'pg';
import { SiteInAHome } from '../../../fixtures/site-in-a-home.js';
import { checkAttachments } from './attachments.js';

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

it('says how many no event names, once their event cannot be on its way any more', async () => {
  const { sha256 } = await site.keepFile('of no request');
  expect((await checkAttachments(client)).says).not.toContain('that it does not name');
  await client.query(`update attachments.file set kept_at = now() - interval '2 hours' where sha256 = $1`, [
    sha256,
  ]);
  expect(await checkAttachments(client)).toMatchObject({
    level: 'ok',
    says: 'the database has all 0 that the history names, and 1 that it does not name ("holdfast scrub" lists them)',
  });
});

it('finds an attachment whose bytes are gone, or a part of them', async () => {
  expect(await checkAttachments(client)).toMatchObject({
    level: 'ok',
    says: expect.stringContaining('all 0') as string,
  });
  const [whole, cut, gone] = [
    await site.attach('a'.repeat(600_000)),
    await site.attach('b'.repeat(600_000)),
    await site.attach('c'),
  ];
  expect(await checkAttachments(client)).toMatchObject({
    level: 'ok',
    says: expect.stringContaining('all 3') as string,
  });
  await client.query(
    'delete from attachments.part where part = 1 and upload = (select upload from attachments.file where sha256 = $1)',
    [cut],
  );
  expect(await checkAttachments(client)).toMatchObject({
    level: 'fail',
    says: expect.stringContaining(cut) as string,
  });
  await client.query('delete from attachments.file where sha256 = $1', [gone]);
  const found = await checkAttachments(client);
  expect(found.says).toContain('of 3 that the history names, the database lacks 2');
  expect(found.says).not.toContain(whole);
});
