import { cp, rm } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openPolicy } from '#release-control/published';
import { append, event, founded, noted, overrideSet } from '../fixtures/history.js';
import { SiteOnDisk } from '../fixtures/site-on-disk.js';
import type { RunningProjector } from './running-projector.js';

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

async function policyOf(ring: string) {
  const [row] = await site.rows<{ document: Buffer; note: string }>(
    `select document, note from read.policy_document_v1 where ring = '${ring}'`,
  );
  if (!row) throw new Error(`no policy for ${ring}`);
  return openPolicy(row, { vkey: site.policyVkey, origin: 'site.example', ring });
}

async function projectedTwice(table: string): Promise<unknown[]> {
  return site.rows(`select position from read.${table} group by position having count(*) > 1`);
}

describe('the projector', () => {
  it('seals what was appended, projects it, and signs the policy over that root', async () => {
    await append(site.store, founded);
    await append(site.store, ...noted(0, 3));
    running = await site.start();
    expect((await policyOf('default')).entries).toEqual([]);

    await append(site.store, overrideSet(0));
    await site.reached(5);
    const ledger = await site.ledger();
    expect(ledger.size).toBe(5n);
    expect(await policyOf('default')).toMatchObject({
      position: '4',
      root: ledger.root.toString('base64'),
      entries: [{ name: 'snap-0', version: '0' }],
    });
    const trail = await site.rows<{ position: string; type: string }>(
      'select position, type from read.audit_trail_v1 order by position',
    );
    expect(trail.map(({ position, type }) => `${position} ${type}`)).toEqual([
      '0 SiteFounded',
      '1 Noted',
      '2 Noted',
      '3 Noted',
      '4 OverrideSet',
    ]);
    // What a store of this site must have from now on.
    const known = await site.rows(
      'select position, stream_revision, e.stream = k.stream as stream from holdfast.known_event k join events.event e using (id, position, stream_revision)',
    );
    expect(known).toEqual([{ position: '4', stream_revision: expect.any(String) as unknown, stream: true }]);
    expect(await site.differences()).toEqual([]);
  });

  it('knows the last event at a start that finds all projected, however many there are', async () => {
    await append(site.store, founded);
    for (let i = 0; i < 5; i++) await append(site.store, ...noted(i * 500, 500));
    await site.runOnce();
    await site.owner.query('delete from holdfast.known_event');
    await site.runOnce();
    expect(await site.rows('select position from holdfast.known_event')).toEqual([{ position: '2500' }]);
  });

  it('keeps up with many at once, each event once', async () => {
    await append(site.store, founded);
    running = await site.start();
    for (let i = 0; i < 30; i++) await append(site.store, ...noted(i * 10, 10));
    await site.reached(301);
    expect((await site.ledger()).size).toBe(301n);
    expect(await projectedTwice('audit_trail_v1')).toEqual([]);
    expect(await site.differences()).toEqual([]);
  });

  it('tells the proxies when a policy changed, and not otherwise', async () => {
    await append(site.store, founded);
    running = await site.start();
    const listener = new pg.Client({ connectionString: site.database.url('proxy') });
    await listener.connect();
    const told: string[] = [];
    listener.on('notification', ({ payload }) => told.push(payload ?? ''));
    await listener.query('listen holdfast_policy');
    await append(site.store, ...noted(0));
    await append(site.store, overrideSet(0));
    await site.reached(3);
    await listener.query('select 1');
    await listener.end();
    expect(told).toEqual(['default']);
  });

  it('goes on after a restart, and after one in which nothing came', async () => {
    await append(site.store, founded);
    await site.runOnce();
    await append(site.store, overrideSet(0));
    await site.runOnce();
    await site.runOnce();
    await append(site.store, overrideSet(1));
    running = await site.start();
    expect((await policyOf('default')).entries).toHaveLength(2);
    expect((await site.ledger()).size).toBe(3n);
    expect(await projectedTwice('audit_trail_v1')).toEqual([]);
  });

  it('gives a new projection the history, and others nothing twice', async () => {
    await append(site.store, founded);
    await append(site.store, overrideSet(0));
    await site.runOnce();
    await site.owner.query(
      `delete from read.audit_trail_v1; delete from read.projection_checkpoint where name = 'audit-trail'`,
    );
    await append(site.store, ...noted(0));
    running = await site.start();
    await site.reached(3);
    expect(await site.rows('select position from read.audit_trail_v1')).toHaveLength(3);
    expect((await policyOf('default')).position).toBe('1');
  });

  it('writes signed policies again that are not as decided, at its start and while it follows, and tells the proxies', async () => {
    const decided = () =>
      site.rows('select ring, position, document, note from read.policy_document_v1 order by ring');
    await append(site.store, founded);
    const rule = { of: 'model', brand: 'acme', model: 'gateway' };
    const data = { name: 'model acme/gateway', old: null, new: rule, changeRequest: 'CR-2026-1' };
    await append(site.store, event('release-policy/default', 0, 'MembershipRuleSet', data));
    await site.runOnce();
    const rows = await decided();
    expect(rows).toMatchObject([
      { ring: '*', position: '1' },
      { ring: 'default', position: '1' },
    ]);
    const lost = [
      `delete from read.policy_document_v1 where ring = '*'`,
      `update read.policy_document_v1 set document = set_byte(document, 40, 65) where ring = '*'`,
      `update read.policy_document_v1 set note = 'no note' where ring = '*'`,
      `update read.policy_document_v1 set position = 0 where ring = '*'`,
      `delete from read.policy_document_v1`,
    ];
    for (const statement of lost) {
      await site.owner.query(statement);
      await site.runOnce();
      expect(await decided()).toEqual(rows);
    }
    running = await site.start({ mendEveryMs: 0 });
    const listener = new pg.Client({ connectionString: site.database.url('proxy') });
    await listener.connect();
    const told: string[] = [];
    listener.on('notification', ({ payload }) => told.push(payload ?? ''));
    await listener.query('listen holdfast_policy');
    for (const statement of lost) {
      await site.owner.query(statement);
      await vi.waitFor(async () => expect(await decided()).toEqual(rows), 20_000);
    }
    await listener.query('select 1');
    await listener.end();
    expect(told).toEqual(['*', '*', '*', '*', 'default', '*']);
  }, 60_000);

  it('gives a site that was founded before, and has no rule, its document of who is in which ring', async () => {
    await append(site.store, founded);
    await append(site.store, ...noted(0));
    await site.runOnce();
    const row = `select position from read.policy_document_v1 where ring = '*'`;
    expect(await site.rows(row)).toEqual([{ position: '0' }]);
    await site.owner.query(`delete from read.policy_document_v1 where ring = '*'`);
    await site.runOnce();
    expect(await site.rows(row)).toEqual([{ position: '0' }]);
  });

  it('projects what was sealed before a crash, with the same root', async () => {
    await append(site.store, founded);
    await site.runOnce();
    await site.owner.query('create table kept as select * from read.projection_checkpoint');
    await append(site.store, overrideSet(0));
    await site.runOnce();
    // As if the crash had come between the seal and the commit.
    await site.owner.query(`
      delete from read.audit_trail_v1 where position >= 1;
      delete from read.override_v1; delete from read.projection_checkpoint;
      insert into read.projection_checkpoint select * from kept`);
    const before = await site.ledger();
    running = await site.start();
    expect(await site.ledger()).toEqual(before);
    expect(await policyOf('default')).toMatchObject({ position: '1', root: before.root.toString('base64') });
    expect(await site.rows('select position from read.audit_trail_v1')).toHaveLength(2);
  });

  it('rolls a batch back that cannot be projected, and tries again until it can', async () => {
    await append(site.store, founded);
    running = await site.start();
    await site.owner.query(
      `alter table read_blue.override_v1 add constraint broken check (name <> 'snap-0')`,
    );
    await append(site.store, ...noted(0));
    await append(site.store, overrideSet(0));
    await expect.poll(async () => (await site.ledger()).size, { timeout: 10_000 }).toBe(3n);
    expect(await site.rows('select ring from read.override_v1')).toEqual([]);
    expect(await policyOf('default')).toMatchObject({ position: '0' });
    await site.owner.query('alter table read_blue.override_v1 drop constraint broken');
    await site.reached(3);
    expect(await policyOf('default')).toMatchObject({ position: '2' });
    expect(site.lost).toEqual([]);
  });

  it('ends when a read model was set back under it, and makes up for it at the next start', async () => {
    await append(site.store, founded);
    await append(site.store, ...noted(0, 2));
    running = await site.start();
    await site.reached(3);
    await site.owner.query(`
      delete from read.audit_trail_v1 where position >= 1;
      update read.projection_checkpoint set next_position = 1 where name = 'audit-trail'`);
    await append(site.store, ...noted(2));
    await expect.poll(() => site.lost, { timeout: 10_000 }).toMatchObject([{ code: 'checkpoint-moved' }]);
    expect(await site.checkpoints()).toMatchObject({ 'audit-trail': '1', overrides: '3' });
    await running.close();
    running = await site.start();
    await site.reached(4);
    expect(await site.rows('select position from read.audit_trail_v1')).toHaveLength(4);
  });

  it('waits for the lease while another one runs', async () => {
    await append(site.store, founded);
    const first = await site.start();
    const second = site.start();
    const waiting = async () =>
      (await site.rows(`select from pg_locks where locktype = 'advisory' and not granted`)).length;
    await expect.poll(waiting, { timeout: 10_000 }).toBe(1);
    await append(site.store, ...noted(0));
    await site.reached(2);
    await first.close();
    running = await second;
    await append(site.store, ...noted(1));
    await site.reached(3);
    expect((await site.ledger()).size).toBe(3n);
  });
});

describe('the projector refuses to start', () => {
  beforeEach(async () => {
    await append(site.store, founded);
    await append(site.store, ...noted(0, 4));
    await site.runOnce();
  });

  it('with an event that was altered by one byte, and names it; so does the comparison', async () => {
    await site.tamper(
      `update events.event set bytes = set_byte(bytes, 20, get_byte(bytes, 20) # 1) where position = 3`,
    );
    await expect(site.start()).rejects.toMatchObject({ code: 'entry-differs', position: 3n });
    expect(await site.differences()).toEqual([{ position: 3n, kind: 'differs' }]);
  });

  it('with fewer events than were sealed', async () => {
    await site.tamper('delete from events.event where position >= 1');
    await expect(site.start()).rejects.toMatchObject({ code: 'store-behind', position: 1n });
    expect((await site.differences()).map(({ kind }) => kind)).toEqual([
      'missing',
      'missing',
      'missing',
      'missing',
    ]);
  });

  it('with a ledger of fewer entries than the read models counted', async () => {
    await rm(site.ledgerDir, { recursive: true });
    await rm(path.join(site.folder, 'ledger-second'), { recursive: true });
    await expect(site.start()).rejects.toMatchObject({ code: 'ledger-behind' });
  });

  it('with an old copy of the ledger', async () => {
    await cp(site.ledgerDir, `${site.ledgerDir}-old`, { recursive: true });
    await append(site.store, event('note/2', 0, 'Noted', {}));
    await site.runOnce();
    await rm(site.ledgerDir, { recursive: true });
    await cp(`${site.ledgerDir}-old`, site.ledgerDir, { recursive: true });
    await expect(site.start()).rejects.toMatchObject({ code: 'checkpoints-disagree' });
  });

  it('with the database of another moment in which other things happened since', async () => {
    await site.tamper(
      'delete from events.event where position >= 1; update events.head set next_position = 1',
    );
    await append(site.store, ...noted(0, 5));
    await expect(site.start()).rejects.toMatchObject({ code: 'entry-differs', position: 1n });
  });
});
