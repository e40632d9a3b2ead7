import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { uuidv7 } from '#kernel';
import { InProcessEventStoreDb } from '#event-store/eventstoredb/testing/in-process-eventstoredb';
import { openEventStore } from '#event-store/open-event-store';
import { NO_STREAM } from '#event-store/port';
import { LedgerWriter } from '#ledger/published';
import { roleUrl } from '#platform/database/role-url';
import { ownStore } from '#site/own-store/open-own-store';
import { noteSigner } from '#tlog';
import { OwnCluster } from './fixtures/own-cluster.js';
import { Home } from './home.js';
import { keyFiles } from './key-files.js';
import { prepare, type Prepared } from './prepare.js';
import { readSecret } from './secret-files.js';

let cluster: OwnCluster;
let events: InProcessEventStoreDb;
let ownerUrl: string;
let home: Home;
const folders: string[] = [];

beforeAll(async () => {
  cluster = await OwnCluster.start();
});
afterAll(() => cluster.stop());
beforeEach(async () => {
  events = await InProcessEventStoreDb.started();
  ownerUrl = await cluster.database();
  home = await anotherHome();
});
afterEach(async () => {
  events.stop();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function anotherHome(): Promise<Home> {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-own-store-'));
  folders.push(folder);
  return new Home(folder);
}

interface At {
  readonly home: Home;
  readonly ownerUrl: string;
  readonly ledgerDir?: string;
  readonly ledgerSecondDir?: string;
}

function prepared(eventStoreUrl?: string, at: At = { home, ownerUrl }): Promise<Prepared> {
  return prepare({ ...at, keys: keyFiles(at.home, {}), eventStoreUrl, zone: 'Etc/UTC' });
}

async function inUse(): Promise<unknown> {
  return cluster.rows(ownerUrl, 'select kind from holdfast.event_store');
}

/** What the projector leaves behind. */
async function sealOne({ identity }: Prepared): Promise<void> {
  const seed = Buffer.from((await readSecret(home.secret('ledger.key'))) ?? '', 'hex');
  const places = { folder: home.ledger(), secondFolder: home.ledgerSecond() };
  const ledger = await LedgerWriter.open(places, noteSigner(identity.origin, seed), {
    epoch: 1n,
    during: (work) => work(),
  });
  ledger.append(0n, [Buffer.from('{}')]);
  await ledger.seal();
}

describe('prepare', () => {
  it('founds a site in EventStoreDB, once', async () => {
    const first = await prepared(events.url);
    const before = events.log.records.length;
    expect((await prepared(events.url)).identity).toEqual(first.identity);
    expect(events.log.records).toHaveLength(before);
    expect(events.log.stream('site')[0]?.type).toBe('SiteFounded');
    expect(await inUse()).toEqual([{ kind: 'eventstoredb' }]);
    expect(await cluster.rows(ownerUrl, 'select next_position from events.head')).toEqual([
      { next_position: '0' },
    ]);
  });

  it('does not go on in the other store, and writes nothing there', async () => {
    await prepared();
    await expect(prepared(events.url)).rejects.toMatchObject({
      code: 'store-not-in-use',
      message: expect.stringContaining('holdfast events copy --to eventstoredb') as unknown,
    });
    expect(events.log.records).toEqual([]);
  });

  it('does not go back to PostgreSQL', async () => {
    await prepared(events.url);
    await expect(prepared()).rejects.toMatchObject({ code: 'store-not-in-use' });
    expect(await cluster.rows(ownerUrl, 'select from events.event')).toEqual([]);
  });

  it('founds no second site in an empty server', async () => {
    await prepared(events.url);
    const empty = await InProcessEventStoreDb.started();
    await expect(prepared(empty.url)).rejects.toMatchObject({ code: 'not-founded' });
    expect(empty.log.records).toEqual([]);
    empty.stop();
  });

  it('founds no second site beside a ledger that is there', async () => {
    await sealOne(await prepared());
    const lost = { home, ownerUrl: await cluster.database() };
    await expect(prepared(undefined, lost)).rejects.toMatchObject({ code: 'store-behind' });
    await expect(prepared(events.url, lost)).rejects.toMatchObject({
      code: 'not-founded',
      message: expect.stringContaining('holds 1 entries') as unknown,
    });
    expect(events.log.records).toEqual([]);
  });

  it.each(['ledgerDir', 'ledgerSecondDir'] as const)('nor beside one that only %s names', async (setting) => {
    await sealOne(await prepared());
    const elsewhere = path.join((await anotherHome()).folder, 'log');
    await rename(setting === 'ledgerDir' ? home.ledger() : home.ledgerSecond(), elsewhere);
    const lost = { home: await anotherHome(), ownerUrl: await cluster.database(), [setting]: elsewhere };
    for (const store of [undefined, events.url])
      await expect(prepared(store, lost)).rejects.toMatchObject({
        code: 'not-founded',
        message: expect.stringContaining(`${elsewhere} holds 1 entries`) as unknown,
      });
    expect(events.log.records).toEqual([]);
    expect(await cluster.rows(lost.ownerUrl, 'select from events.event')).toEqual([]);
  });

  it.each(['ledger', 'ledgerSecond'] as const)(
    'takes no checkpoint in %s that it cannot read for none',
    async (name) => {
      await sealOne(await prepared());
      const checkpoint = path.join(home[name](), 'checkpoint');
      await rm(checkpoint);
      await mkdir(checkpoint);
      const lost = { home, ownerUrl: await cluster.database() };
      for (const store of [undefined, events.url])
        await expect(prepared(store, lost)).rejects.toThrow(
          store !== undefined && name === 'ledgerSecond' ? 'holds 1 entries' : `${checkpoint} cannot be read`,
        );
      expect(events.log.records).toEqual([]);
      expect(await cluster.rows(lost.ownerUrl, 'select from events.event')).toEqual([]);
    },
  );

  it("refuses another site's server", async () => {
    await prepared(events.url, { home: await anotherHome(), ownerUrl: await cluster.database() });
    const before = events.log.records.length;
    await expect(prepared(events.url)).rejects.toBeInstanceOf(Error);
    expect(events.log.records).toHaveLength(before);
  });

  it("refuses a server with somebody else's events", async () => {
    const store = await openEventStore({ databaseUrl: ownerUrl, eventStoreUrl: events.url });
    await store.append('theirs', NO_STREAM, [{ id: uuidv7(), type: 'Theirs', bytes: Buffer.from('{}') }]);
    await store.close();
    await expect(prepared(events.url)).rejects.toMatchObject({ code: 'not-founded' });
  });
});

describe("a server's store", () => {
  async function asControl(server: InProcessEventStoreDb, { identity, siteKey }: Prepared) {
    const settings = { databaseUrl: roleUrl(ownerUrl, 'control', siteKey), eventStoreUrl: server.url };
    const store = await openEventStore(settings);
    try {
      return await ownStore(store, { ...settings, ledgerVkey: identity.ledgerKey });
    } catch (error) {
      await store.close();
      throw error;
    }
  }
  const event = () => ({ id: uuidv7(), type: 'Tried', bytes: Buffer.from('{}') });

  it("is the site's own, or refused at the start", async () => {
    const site = await prepared(events.url);
    const own = await asControl(events, site);
    expect((await own.append('tried', NO_STREAM, [event()])).lastRevision).toBe(0n);
    await own.close();

    const other = await InProcessEventStoreDb.started();
    await expect(asControl(other, site)).rejects.toMatchObject({ code: 'not-founded' });
    await prepared(other.url, { home: await anotherHome(), ownerUrl: await cluster.database() });
    // The other site's preparation changed the roles' passwords, which belong to the whole cluster.
    const again = await prepared(events.url);
    await expect(asControl(other, again)).rejects.toMatchObject({ code: 'founded-otherwise' });
    other.stop();
  });

  it('that is away at the start is looked at when it is used, before anything is written', async () => {
    const site = await prepared(events.url);
    const other = await InProcessEventStoreDb.started();
    other.faults.unavailable = true;
    const store = await asControl(other, site);
    await expect(store.append('tried', NO_STREAM, [event()])).rejects.toMatchObject({ code: 'unavailable' });
    other.faults.unavailable = false;
    await expect(store.append('tried', NO_STREAM, [event()])).rejects.toMatchObject({ code: 'not-founded' });
    await expect(store.readStream('tried')[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code: 'not-founded',
    });
    await expect(
      new Promise((_, reject) =>
        store.subscribeAll(null, async () => undefined).subscribe({ error: reject }),
      ),
    ).rejects.toMatchObject({ code: 'not-founded' });
    expect(other.log.records).toEqual([]);
    await store.close();
    other.stop();
  });
});
