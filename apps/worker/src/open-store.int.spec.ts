import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { uuidv7 } from '#kernel';
import { InProcessEventStoreDb } from '#event-store/eventstoredb/testing/in-process-eventstoredb';
import { openEventStore } from '#event-store/open-event-store';
import { NO_STREAM, type EventStore } from '#event-store/port';
import { StreamWriter } from '#platform/decide-and-append';
import { Lease } from '#platform/lease/lease';
import { site, SITE_STREAM } from '#site/domain/site';
import { byPerson } from '#test/support/decider-specification';
import { testDatabase, type TestDatabase } from '#test/support/test-database';
import { noteSigner } from '#tlog';
import { openStore } from './open-store.js';

const ledgerKey = noteSigner('site.example', Buffer.alloc(32, 1)).vkey;

let folder: string;
let database: TestDatabase;
let owner: pg.Pool;
let server: InProcessEventStoreDb;
let lease: Lease;
const stores: EventStore[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-open-store-'));
  await writeFile(path.join(folder, 'ledger.vkey'), ledgerKey);
  server = await InProcessEventStoreDb.started();
});
afterAll(async () => {
  server.stop();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  database = await testDatabase();
  owner = new pg.Pool({ connectionString: database.ownerUrl, max: 1 });
  lease = new Lease(database.url('worker'), () => undefined);
});
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
  await lease.release();
  await owner.end();
});

async function foundSite(eventStoreUrl: string | undefined): Promise<void> {
  const store = await openEventStore({ databaseUrl: database.url('control'), eventStoreUrl });
  stores.push(store);
  await new StreamWriter(store, 'Etc/UTC').decideAndAppend(site, SITE_STREAM, {
    type: 'FoundSite',
    identity: { origin: 'site.example', ledgerKey, policyKey: ledgerKey },
    context: byPerson('Ana', ['admin']),
  });
}

const event = () => ({ id: uuidv7(), type: 'Tried', bytes: Buffer.from('{}') });

describe.each(['PostgreSQL', 'EventStoreDB'])("the worker's store in %s", (where) => {
  it('takes its appends as long as it holds the lease', async () => {
    const eventStoreUrl = where === 'EventStoreDB' ? server.url : undefined;
    await foundSite(eventStoreUrl);
    const settings = {
      databaseUrl: database.url('worker'),
      ledgerVkeyFile: path.join(folder, 'ledger.vkey'),
      ...(eventStoreUrl === undefined ? {} : { eventStoreUrl }),
    };
    const store = await openStore(settings, await lease.acquire());
    stores.push(store);
    expect((await store.append('tried', NO_STREAM, [event()])).lastRevision).toBe(0n);
    // Another one holds it now, and this one has not noticed.
    await owner.query(`update holdfast.lease set epoch = epoch + 1 where name = 'holdfast_worker'`);
    await expect(store.append('tried', 0n, [event()])).rejects.toMatchObject({
      name: 'EventStoreError',
      code: 'fenced-out',
    });
    const found: string[] = [];
    for await (const { id } of store.readStream('tried')) found.push(id);
    expect(found).toHaveLength(1);
  });
});
