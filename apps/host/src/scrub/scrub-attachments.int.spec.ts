import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ATTACHMENTS_STREAM, scrubRecord } from '#catalog/scrub/scrub-record';
import { InMemoryEventStore } from '#event-store/fake/in-memory-event-store';
import { decodeEvent, systemClock } from '#kernel';
import { StreamWriter } from '#platform/decide-and-append';
import { AttachmentReader } from '#release-control/attachments/attachment-reader';
import { roleUrl } from '#platform/database/role-url';
import { keyOf } from '../secret-files.js';
import { SiteInAHome } from '../../fixtures/site-in-a-home.js';
import { openStoreInUse } from '../store-in-use.js';
import { scrubFiles } from './scrub.js';
import { unnamedAttachments } from './unnamed-attachments.js';

let site: SiteInAHome;
let client: pg.Client;
beforeAll(async () => {
  site = await SiteInAHome.make();
  // As the worker reads them too.
  const siteKey = await keyOf(site.home.secret('site.key'), false);
  client = new pg.Client({ connectionString: roleUrl(site.ownerUrl, 'worker', siteKey) });
  await client.connect();
});
afterAll(async () => {
  await client?.end();
  await site?.[Symbol.asyncDispose]();
});

it('finds a flipped byte of an attachment once, and that it is whole again', async () => {
  const store = new InMemoryEventStore();
  const record = scrubRecord(new StreamWriter(store, 'Etc/UTC'), systemClock, 'host', ATTACHMENTS_STREAM);
  const run = async () => {
    const lines: string[] = [];
    const { signal } = new AbortController();
    const whole = await scrubFiles(new AttachmentReader(client), record, signal, (line) => lines.push(line));
    return { whole, lines };
  };
  const events = async () => {
    const types: string[] = [];
    for await (const { bytes } of store.readStream('attachments')) types.push(decodeEvent(bytes).type);
    return types;
  };
  await site.attach('a whole one');
  const digest = await site.attach('x'.repeat(300_000));
  expect(await run()).toEqual({ whole: true, lines: ['read 2 attachments, 300011 bytes: none is damaged'] });
  const flip = (byte: string) =>
    site.query(
      `update attachments.part set bytes = set_byte(bytes, 9, ${byte.charCodeAt(0)}) where part = 1 and upload = (select upload from attachments.file where sha256 = '${digest}')`,
    );
  await flip('y');
  for (let times = 0; times < 2; times++) {
    const found = await run();
    expect(found.whole).toBe(false);
    expect(found.lines[0]).toBe(
      `attachment ${digest} is damaged: recorded; bring the database back from a backup`,
    );
  }
  await flip('x');
  expect((await run()).whole).toBe(true);
  expect(await events()).toEqual(['KeptBlobDamaged', 'KeptBlobRestored']);
});

it('lists those that no event names', async () => {
  const { store } = await openStoreInUse(site.ownerUrl, undefined);
  const reader = new AttachmentReader(client);
  try {
    await site.attach('named');
    expect(await unnamedAttachments(reader, store)).toEqual([]);
    const { sha256 } = await site.keepFile('of no request');
    expect(await unnamedAttachments(reader, store)).toEqual([sha256]);
    await site.attach('of no request');
    expect(await unnamedAttachments(reader, store)).toEqual([]);
  } finally {
    await store.close();
  }
});
