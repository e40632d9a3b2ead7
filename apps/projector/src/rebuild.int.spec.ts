import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Readiness } from '#platform/health/readiness';
import { ReadModels } from '#platform/http/read-models';
import { inTransaction } from '#test/support/read-models';
import { append, founded, noted, overrideSet } from '../fixtures/history.js';
import { SiteOnDisk } from '../fixtures/site-on-disk.js';
import { SiteHistory } from '../fixtures/site-history.js';
import { projectorReadiness } from './projector-readiness.js';
import { dropReplacedTables } from './replaced-tables.js';
import type { RunningProjector } from './running-projector.js';

const PATIENCE = { timeout: 30_000, interval: 50 };

let site: SiteOnDisk;
let running: RunningProjector | undefined;
beforeEach(async () => {
  site = await SiteOnDisk.make();
});
afterEach(async () => {
  await running?.close();
  running = undefined;
  await site[Symbol.asyncDispose]();
});

async function ask(...names: string[]): Promise<string> {
  const { rows } = await site.owner.query<{ id: string }>(
    'insert into read.rebuild_request (names) values ($1) returning id::text',
    [names],
  );
  return rows[0]?.id ?? '';
}

interface Request {
  readonly state: string;
  readonly detail: string | null;
}

async function stateOf(id: string): Promise<Request> {
  const [row] = await site.rows<Request>(`select state, detail from read.rebuild_request where id = ${id}`);
  if (!row) throw new Error(`there is no request ${id}`);
  return row;
}

async function ended(id: string): Promise<Request> {
  return vi.waitUntil(async () => {
    const request = await stateOf(id);
    return ['done', 'failed'].includes(request.state) && request;
  }, PATIENCE);
}

async function slots(): Promise<Record<string, string>> {
  const rows = await site.rows<{ name: string; slot: string }>(
    'select name, slot from read.projection_checkpoint',
  );
  return Object.fromEntries(rows.map(({ name, slot }) => [name, slot]));
}

/** The names of all read models. */
const all = async () => Object.keys(await slots()).toSorted();

const tables = (schema: string) =>
  site.rows(`select tablename from pg_tables where schemaname = '${schema}' order by tablename`);

/** Everything that readers see. */
async function contents(): Promise<unknown> {
  const views = await site.rows<{ name: string }>(
    `select viewname as name from pg_views where schemaname = 'read' order by viewname`,
  );
  const read: Record<string, unknown> = {};
  for (const { name } of views)
    read[name] = await site.rows(`select t::text from read.${name} t order by t::text`);
  return read;
}

describe('a rebuild', () => {
  it('changes nothing that is seen while others append and read on', async () => {
    const history = new SiteHistory().appends(600);
    running = await site.start();
    let appended = 0;
    const appendNext = async (): Promise<boolean> => {
      const next = history.next();
      if (next.done === true) return false;
      await append(site.store, ...next.value);
      appended += next.value.length;
      return true;
    };
    while (appended < 300) await appendNext();
    await site.reached(appended);

    let stop = false;
    const readModels = new ReadModels(site.database.url('control'));
    const read = async (): Promise<number> => {
      let seen = appended > 0 ? 300 : 0;
      for (let reads = 0; ; reads++) {
        const [row] = await readModels.query<{ rows: number; highest: number }>(
          'select count(*)::integer as rows, max(position)::integer as highest from read.audit_trail_v1',
        );
        if (!row) throw new Error('the query gave nothing');
        // Gapless, and never back.
        expect(row.rows).toBe(row.highest + 1);
        expect(row.rows).toBeGreaterThanOrEqual(seen);
        seen = row.rows;
        if (stop) return reads;
      }
    };
    const write = async (): Promise<void> => {
      while (!stop && (await appendNext()));
    };
    const others = Promise.all([read(), read(), write()]);
    try {
      const before = await slots();
      expect(await ended(await ask(...(await all())))).toMatchObject({ state: 'done' });
      expect(await ended(await ask('audit-trail'))).toMatchObject({ state: 'done' });
      for (const name of Object.keys(before)) expect(before[name]).toBe('blue');
    } finally {
      stop = true;
    }
    const [reads] = await others;
    await readModels.close();
    expect(reads).toBeGreaterThan(0);
    expect(await slots()).toMatchObject({
      'audit-trail': 'blue',
      people: 'green',
      'policy-document': 'green',
    });
    await site.reached(appended);
    // As it was folded live, in small batches, so it is when it is made from nothing.
    const live = await contents();
    expect(await ended(await ask(...(await all())))).toMatchObject({ state: 'done' });
    expect(await contents()).toEqual(live);
    expect(site.lost).toEqual([]);
  });

  it('removes the tables that it replaced', async () => {
    await append(site.store, founded);
    running = await site.start();
    expect(await tables('read_green')).toEqual([]);
    await ended(await ask('overrides'));
    await vi.waitFor(async () => expect(await tables('read_green')).toEqual([{ tablename: 'override_v1' }]));
    expect(await tables('read_blue')).not.toContainEqual({ tablename: 'override_v1' });
  });

  it('lets whoever is reading end first, and keeps nobody else waiting', async () => {
    await append(site.store, founded);
    running = await site.start();
    const reader = new pg.Client({ connectionString: site.database.url('control') });
    await reader.connect();
    await reader.query('begin');
    await reader.query('select from read.audit_trail_v1');
    const id = await ask('audit-trail');
    await vi.waitUntil(
      async () =>
        (await site.rows('select from pg_tables where tablename = $$audit_trail_v1$$')).length === 2,
      PATIENCE,
    );
    await append(site.store, ...noted(0));
    await site.reached(2);
    expect(await site.rows('select from read.audit_trail_v1')).toHaveLength(2);
    expect((await slots())['audit-trail']).toBe('blue');
    expect((await stateOf(id)).state).toBe('running');
    await reader.query('commit');
    expect(await ended(id)).toMatchObject({ state: 'done' });
    await reader.end();
    expect(await site.rows('select from read.audit_trail_v1')).toHaveLength(2);
  });

  it('that fails says why, and leaves what is live as it is', async () => {
    await append(site.store, founded);
    running = await site.start();
    expect(await ended(await ask('of-another-release'))).toMatchObject({
      state: 'failed',
      detail: 'this release has no read model of-another-release',
    });
    await append(site.store, ...noted(0));
    await site.reached(2);
    expect(site.lost).toEqual([]);
  });

  it('that something passing ended is done when it has passed', async () => {
    await append(site.store, founded);
    running = await site.start();
    const events = new pg.Client({ connectionString: site.database.ownerUrl });
    await events.connect();
    await events.query('begin; lock table events.event in access exclusive mode');
    const id = await ask('overrides');
    // For as long as several looks at what was asked for: it waits for the lock each time, as the subscription does.
    await vi.waitUntil(async () => (await stateOf(id)).state !== 'asked', PATIENCE);
    for (const until = performance.now() + 4_000; performance.now() < until; await delay(50)) {
      await site.owner.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
    }
    await events.query('rollback');
    await events.end();
    expect(await ended(id)).toMatchObject({ state: 'done' });
    expect(site.lost).toEqual([]);
  });

  it('is done although what it replaced cannot be removed, which is tried again', async () => {
    await append(site.store, founded);
    running = await site.start();
    await site.owner.query('create view public.mine as select * from read_blue.override_v1');
    const id = await ask('overrides');
    expect(await ended(id)).toMatchObject({ state: 'done' });
    expect((await slots())['overrides']).toBe('green');
    const projector = new pg.Client({ connectionString: site.database.url('projector') });
    await projector.connect();
    const current = [{ name: 'overrides', version: 1 }];
    const tidy = () => inTransaction(projector, () => dropReplacedTables(projector, current));
    await expect(tidy()).rejects.toMatchObject({ code: '2BP01' });
    await site.owner.query('drop view public.mine');
    expect(await tidy()).toEqual(['read_blue.override_v1']);
    expect(await tidy()).toEqual([]);
    await projector.end();
  });

  it('takes nothing from an event that is not the one that was sealed', async () => {
    await append(site.store, founded);
    await append(site.store, ...noted(0, 3));
    running = await site.start();
    await site.tamper(
      `update events.event set bytes = set_byte(bytes, 20, get_byte(bytes, 20) # 1) where position = 2`,
    );
    expect(await ended(await ask('audit-trail'))).toMatchObject({ state: 'failed' });
    await vi.waitFor(() => expect(site.lost).toMatchObject([{ code: 'entry-differs', position: 2n }]));
  });
});

describe('at a start, with somebody who reads and does not end', () => {
  let reader: pg.Client;
  beforeEach(async () => {
    await append(site.store, founded);
    await site.runOnce();
    reader = new pg.Client({ connectionString: site.database.url('control') });
    await reader.connect();
    await reader.query('begin; select from read.audit_trail_v1');
  });
  afterEach(() => reader.end());

  it('a rebuild is put off, and the projector goes on', async () => {
    const id = await ask('audit-trail');
    running = await site.start();
    await append(site.store, ...noted(0));
    await site.reached(2);
    expect((await site.ledger()).size).toBe(2n);
    expect((await stateOf(id)).state).toBe('running');
    await reader.query('commit');
    expect(await ended(id)).toMatchObject({ state: 'done' });
  });

  it('a read model that must be made waits, and says for whom', async () => {
    await site.owner.query(`delete from read.projection_checkpoint where name = 'audit-trail'`);
    const { rows } = await reader.query<{ pid: number }>('select pg_backend_pid() as pid');
    const readiness = new Readiness('projector');
    const progress = projectorReadiness(readiness, site.settings);
    const starting = site.start({ progress });
    const says = async () =>
      (await readiness.report()).conditions.find(({ name }) => name === 'projections caught up')?.says;
    await vi.waitFor(
      async () =>
        expect(await says()).toBe(
          `the rebuild of audit-trail waits for transactions that read them to end: holdfast_control (PostgreSQL's process ${rows[0]?.pid})`,
        ),
      PATIENCE,
    );
    await reader.query('commit');
    running = await starting;
    expect(await readiness.report()).toMatchObject({ waitsFor: ['signing keys'] });
  });
});

describe('after a crash in the middle of a rebuild', () => {
  /** What is left of it: tables with rows that no view shows, and a request that was begun. */
  async function crashed(starts: number): Promise<string> {
    await append(site.store, founded);
    await append(site.store, overrideSet(0));
    await site.runOnce();
    const id = await ask(...(await all()));
    await site.owner.query(`
      update read.rebuild_request set state = 'running', starts = ${starts};
      set role holdfast_projector;
      create table read_green.audit_trail_v1 as select * from read_blue.audit_trail_v1 where position = 0;
      create table read_green.override_v1 (half_made text);
      reset role`);
    return id;
  }

  it('the old rows are those that are read, and it is begun anew at the next start', async () => {
    const id = await crashed(1);
    const before = await contents();
    expect(before).toMatchObject({ audit_trail_v1: { length: 2 }, override_v1: { length: 1 } });
    running = await site.start();
    expect(await stateOf(id)).toMatchObject({ state: 'done' });
    expect(new Set(Object.values(await slots()))).toEqual(new Set(['green']));
    expect(await contents()).toEqual(before);
    expect(await tables('read_blue')).toEqual([]);
  });

  it('three times, it is given up', async () => {
    const id = await crashed(3);
    running = await site.start();
    expect(await stateOf(id)).toEqual({ state: 'failed', detail: 'the projector ended 3 times while at it' });
    expect(new Set(Object.values(await slots()))).toEqual(new Set(['blue']));
  });
});

it('mends rows that the projector cannot go on from, before it goes on', async () => {
  await append(site.store, founded);
  const appends = [...new SiteHistory().appends(300)].slice(1);
  for (const each of appends.slice(0, -1)) await append(site.store, ...each);
  await site.runOnce();
  await site.owner.query('delete from read.change_request_v9');
  await append(site.store, ...(appends.at(-1) ?? []));
  await expect(site.start()).rejects.toThrow('a change request that is none');
  await ask('change-requests');
  running = await site.start();
  expect((await site.rows('select from read.change_request_v9')).length).toBeGreaterThan(5);
});
