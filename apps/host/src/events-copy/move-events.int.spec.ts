import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { uuidv7 } from '#kernel';
import type { EventStoreKind } from '#event-store/event-store-kind';
import { InProcessEventStoreDb } from '#event-store/eventstoredb/testing/in-process-eventstoredb';
import { openEventStore } from '#event-store/open-event-store';
import { NO_STREAM, type EventStore } from '#event-store/port';
import { LedgerWriter } from '#ledger/published';
import { roleUrl } from '#platform/database/role-url';
import { requireOwn } from '#site/own-store/open-own-store';
import { withClient } from '#platform/database/with-client';
import { useStore } from '#site/own-store/store-in-use';
import { noteSigner } from '#tlog';
import { OwnCluster } from '../fixtures/own-cluster.js';
import { Home } from '../home.js';
import { keyFiles } from '../key-files.js';
import { prepare, type Prepared } from '../prepare.js';
import { readSecret } from '../secret-files.js';
import { copyHistory, type Copied } from './copy-history.js';
import { moveEvents } from './move-events.js';
import { switchOver } from './switch-over.js';

let cluster: OwnCluster;
let events: InProcessEventStoreDb;
let ownerUrl: string;
let home: Home;
let site: Prepared;
const stores: EventStore[] = [];

beforeAll(async () => {
  cluster = await OwnCluster.start();
});
afterAll(() => cluster.stop());
beforeEach(async () => {
  events = await InProcessEventStoreDb.started();
  ownerUrl = await cluster.database();
  home = new Home(await mkdtemp(path.join(tmpdir(), 'holdfast-move-events-')));
  site = await prepare({ home, ownerUrl, keys: keyFiles(home, {}), zone: 'Etc/UTC' });
  await seal();
});
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
  events.stop();
  await rm(home.folder, { recursive: true, force: true });
});

async function opened(databaseUrl: string, eventStoreUrl?: string): Promise<EventStore> {
  const store = await openEventStore({ databaseUrl, eventStoreUrl });
  stores.push(store);
  return store;
}

/** A control server that has found the store to be its own, and does not look again. */
function asControl(): Promise<EventStore> {
  return opened(roleUrl(ownerUrl, 'control', site.siteKey));
}

/** What the projector does. */
async function seal(): Promise<void> {
  const seed = Buffer.from((await readSecret(home.secret('ledger.key'))) ?? '', 'hex');
  const places = { folder: home.ledger(), secondFolder: home.ledgerSecond() };
  const lease = { epoch: 1n, during: <Result>(work: () => Promise<Result>) => work() };
  const ledger = await LedgerWriter.open(places, noteSigner(site.identity.origin, seed), lease);
  const leaves: Uint8Array[] = [];
  for await (const append of (await opened(ownerUrl)).readAll(null))
    leaves.push(...append.events.map(({ bytes }) => bytes));
  ledger.append(0n, leaves);
  await ledger.seal();
}

function move(to: EventStoreKind) {
  const { ledgerKey: vkey } = site.identity;
  const say = (): void => undefined;
  return moveEvents({ to, ownerUrl, eventStoreUrl: events.url, ledger: home.ledger(), vkey, say });
}

/** A copy that is done, and not yet switched to. */
async function copied(to: EventStoreKind): Promise<{ source: EventStore; copy: Copied }> {
  const [here, there] = [await opened(ownerUrl), await opened(ownerUrl, events.url)];
  const [source, target] = to === 'eventstoredb' ? [here, there] : [there, here];
  return { source, copy: await copyHistory(source, target, new Set(), () => undefined) };
}

async function inUse(): Promise<unknown> {
  return cluster.rows(ownerUrl, 'select kind, closed from holdfast.event_store, events.head');
}

const event = () => ({ id: uuidv7(), type: 'Tried', bytes: Buffer.from('{}') });

it('leaves a store that takes nothing any more from a server that was not told', async () => {
  await move('eventstoredb');
  expect(await inUse()).toEqual([{ kind: 'eventstoredb', closed: true }]);
  await expect((await asControl()).append('tried', NO_STREAM, [event()])).rejects.toMatchObject({
    name: 'EventStoreError',
    code: 'store-not-in-use',
    message: expect.stringContaining('with EVENTSTORE_URL') as unknown,
  });
  await (await opened(ownerUrl, events.url)).append('tried', NO_STREAM, [event()]);
  await stores.pop()?.close();
  await move('postgresql');
  expect(await inUse()).toEqual([{ kind: 'postgresql', closed: false }]);
  expect((await (await asControl()).append('tried', 0n, [event()])).lastRevision).toBe(1n);
});

it('leaves no cursor of the store that was left: a request whose answer was lost is looked for from the beginning', async () => {
  const after = () => cluster.rows(ownerUrl, 'select after from requests.taken');
  await withClient(ownerUrl, (client) =>
    client.query(
      `insert into requests.taken (command, actor, fingerprint, after) values (gen_random_uuid(), 'ana', '', '0')`,
    ),
  );
  await move('eventstoredb');
  expect(await after()).toEqual([{ after: null }]);
  let newest: string | undefined;
  for await (const { cursor } of (await opened(ownerUrl, events.url)).readAll(null)) newest = cursor;
  await withClient(ownerUrl, (client) => client.query('update requests.taken set after = $1', [newest]));
  await move('postgresql');
  expect(await after()).toEqual([{ after: null }]);
});

it('does not leave events behind that PostgreSQL got after they were copied', async () => {
  const { source, copy } = await copied('eventstoredb');
  await (await asControl()).append('tried', NO_STREAM, [event()]);
  await withClient(ownerUrl, async (client) => {
    await expect(switchOver(client, source, 'eventstoredb', copy)).rejects.toThrow(/still runs somewhere/);
  });
  expect(await inUse()).toEqual([{ kind: 'postgresql', closed: false }]);
  await (await asControl()).append('tried', 0n, [event()]);
});

it('does not leave events behind that EventStoreDB got after they were copied', async () => {
  await move('eventstoredb');
  const { source, copy } = await copied('postgresql');
  await source.append('tried', NO_STREAM, [event()]);
  await withClient(ownerUrl, async (client) => {
    await expect(switchOver(client, source, 'postgresql', copy)).rejects.toThrow(/new ones, of tried/);
  });
  expect(await inUse()).toEqual([{ kind: 'eventstoredb', closed: true }]);
});

it('knows an older copy, left from an earlier move, from the history', async () => {
  await move('eventstoredb');
  const settings = {
    databaseUrl: roleUrl(ownerUrl, 'control', site.siteKey),
    eventStoreUrl: events.url,
    ledgerVkey: site.identity.ledgerKey,
  };
  const store = await opened(settings.databaseUrl, events.url);
  await requireOwn(store, settings);
  await store.append('tried', NO_STREAM, [event()]);
  await move('postgresql');
  const older = await InProcessEventStoreDb.started();
  const olderStore = await opened(settings.databaseUrl, older.url);
  for await (const { stream, events: some } of store.readAll(null))
    if (stream !== 'tried') await olderStore.append(stream, (some[0]?.streamRevision ?? 0n) - 1n, some);
  await withClient(ownerUrl, (client) =>
    useStore((text, values) => client.query(text, values), 'eventstoredb'),
  );
  await requireOwn(store, settings);
  const another = { ...settings, eventStoreUrl: older.url };
  await expect(requireOwn(olderStore, another)).rejects.toMatchObject({
    code: 'store-behind',
    message: expect.stringContaining('of tried') as unknown,
  });
  await expect(
    prepare({ home, ownerUrl, keys: keyFiles(home, {}), eventStoreUrl: older.url, zone: 'Etc/UTC' }),
  ).rejects.toMatchObject({ code: 'store-behind' });
  older.stop();
});

it('closes PostgreSQL where a site is founded in EventStoreDB', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-founded-'));
  const [other, otherUrl] = [new Home(folder), await cluster.database()];
  await prepare({
    home: other,
    ownerUrl: otherUrl,
    keys: keyFiles(other, {}),
    eventStoreUrl: events.url,
    zone: 'Etc/UTC',
  });
  expect(await cluster.rows(otherUrl, 'select closed from events.head')).toEqual([{ closed: true }]);
  await rm(folder, { recursive: true, force: true });
});
