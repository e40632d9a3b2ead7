import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import pg from 'pg';
import { uuidv7 } from '#kernel';
import { ReadModels } from '#platform/http/read-models';
import type { Projection } from '#platform/projection';
import { announce } from '#platform/read-models/announcements';
import { emptyReadModels, inTransaction } from '#test/support/read-models';
import { append, founded } from '../fixtures/history.js';
import { SiteOnDisk } from '../fixtures/site-on-disk.js';
import { dropOldVersions } from './old-versions.js';

/** What an earlier release had. */
const earlier: Projection = {
  name: 'overrides',
  version: 0,
  tables: [{ name: 'override_v0', readers: ['control'] }],
  createTables: async (tx) => {
    await tx.query('create table override_v0 (n integer); insert into override_v0 values (1)');
  },
  apply: async () => undefined,
};

let site: SiteOnDisk;
let oldReader: ReadModels;
let projector: pg.Client;
beforeEach(async () => {
  site = await SiteOnDisk.make();
  projector = new pg.Client({ connectionString: site.database.url('projector') });
  await projector.connect();
  await emptyReadModels(projector, [earlier]);
  oldReader = new ReadModels(site.database.url('control'));
  await append(site.store, founded);
});
afterEach(async () => {
  await Promise.all([oldReader.close(), projector.end()]);
  await site[Symbol.asyncDispose]();
});

const current = [{ name: 'overrides', version: 1 }];
const drop = (ours = current) => inTransaction(projector, () => dropOldVersions(projector, ours));
const readOld = () => oldReader.query('select n from read.override_v0');
const say = (reader: string) =>
  announce((text, values) => oldReader.query(text, values), reader, [{ name: 'overrides', version: 0 }]);

it('a reader of the version before reads on while the new one is made and live', async () => {
  await say(uuidv7());
  const running = await site.start();
  expect(await readOld()).toEqual([{ n: 1 }]);
  expect(await oldReader.query('select from read.override_v1')).toEqual([]);
  expect(await drop()).toEqual([]);
  expect(await readOld()).toEqual([{ n: 1 }]);
  await running.close();
});

it('a version goes when the last reader has said nothing for long, and not before', async () => {
  const [gone, here] = [uuidv7(), uuidv7()];
  await say(gone);
  await say(here);
  await site.owner.query(
    `update readers.announcement set at = now() - interval '11 minutes' where reader = '${gone}'`,
  );
  expect(await drop()).toEqual([]);
  expect(await site.rows('select reader from readers.announcement')).toEqual([{ reader: here }]);
  await site.owner.query(`update readers.announcement set at = now() - interval '11 minutes'`);
  expect(await drop()).toEqual([{ name: 'overrides', version: 0 }]);
  await expect(readOld()).rejects.toMatchObject({ code: 'not-yet-projected' });
  expect(await site.rows(`select from pg_tables where tablename = 'override_v0'`)).toEqual([]);
});

it('a version that a later release made is left alone', async () => {
  expect(await drop([{ name: 'overrides', version: -1 }])).toEqual([]);
  expect(await readOld()).toEqual([{ n: 1 }]);
});

it('what nobody reads is gone some time after the new version is live', async () => {
  const running = await site.start({ tidyEveryMs: 200 });
  await vi.waitFor(() => expect(readOld()).rejects.toMatchObject({ code: 'not-yet-projected' }), {
    timeout: 20_000,
  });
  await running.close();
});

/** The upkeep looks at what was asked for, and then tidies when it is time. */
async function upkeepHasPassed(): Promise<void> {
  for (let pass = 0; pass < 2; pass++) {
    await site.owner.query(`insert into read.rebuild_request (names) values ('{nothing}')`);
    await vi.waitFor(
      async () =>
        expect(
          await site.rows(`select from read.rebuild_request where state in ('asked', 'running')`),
        ).toEqual([]),
      { timeout: 20_000, interval: 20 },
    );
  }
}

async function longAway(reader: string): Promise<void> {
  await say(reader);
  await site.owner.query(`update readers.announcement set at = now() - interval '11 minutes'`);
}

it('a reader that could say nothing while the database was away is waited for at a start', async () => {
  await longAway(uuidv7());
  const running = await site.start();
  await upkeepHasPassed();
  expect(await readOld()).toEqual([{ n: 1 }]);
  await running.close();
});

it('a reader that could say nothing while the database was away is waited for when it answers again', async () => {
  const reader = uuidv7();
  await say(reader);
  const tidyEveryMs = 6_000;
  const running = await site.start({ tidyEveryMs });
  await upkeepHasPassed();
  await site.owner.query('alter table read.rebuild_request rename to away');
  await delay(tidyEveryMs + 1_000);
  await longAway(reader);
  await site.owner.query('alter table read.away rename to rebuild_request');
  await upkeepHasPassed();
  expect(await readOld()).toEqual([{ n: 1 }]);
  await running.close();
});
