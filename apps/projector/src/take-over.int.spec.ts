import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nextLine, nodeProcess, type NodeProcess } from '#test/support/node-process';
import { Lease } from '#platform/lease/lease';
import { append, founded, noted } from '../fixtures/history.js';
import { SiteOnDisk } from '../fixtures/site-on-disk.js';
import type { RunningProjector } from './running-projector.js';
import { Transactions } from './transactions.js';

let site: SiteOnDisk;
let running: RunningProjector | undefined;
const children: NodeProcess[] = [];
beforeEach(async () => {
  site = await SiteOnDisk.make();
  await append(site.store, founded);
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await running?.close();
  running = undefined;
  await site[Symbol.asyncDispose]();
});

/** Somebody else holds the lease now, and this one has not noticed. */
async function beginEpoch(): Promise<void> {
  await site.owner.query(`update holdfast.lease set epoch = epoch + 1 where name = 'holdfast_projector'`);
}

/** A whole projector in a process of its own. */
function projector(): NodeProcess {
  const child = nodeProcess(
    `import { RunningProjector } from '#apps/projector/src/running-projector';
     import { createLogger } from '#platform/logging/logger';
     const [, settings, ledger, policy] = process.argv;
     const keys = { ledger: Buffer.from(ledger, 'hex'), policy: Buffer.from(policy, 'hex') };
     const lost = (error) => setImmediate(() => { throw error; });
     await RunningProjector.start(JSON.parse(settings), keys, createLogger('projector', 'silent'), lost);`,
    JSON.stringify(site.settings),
    site.keys.ledger.toString('hex'),
    site.keys.policy.toString('hex'),
  );
  children.push(child);
  return child;
}

async function eventsProjectedTwice(): Promise<unknown[]> {
  return site.rows('select position from read.audit_trail_v1 group by position having count(*) > 1');
}

async function waiting(): Promise<number> {
  return (await site.rows(`select from pg_locks where locktype = 'advisory' and not granted`)).length;
}

// A test has as long as its waits may take together.
describe('a second projector', { timeout: 120_000 }, () => {
  it('takes over from one that was killed in the middle of its work, and loses and repeats nothing', async () => {
    const first = projector();
    await vi.waitFor(async () => expect(await site.checkpoints()).toMatchObject({ 'audit-trail': '1' }), {
      timeout: 30_000,
    });
    projector();
    await vi.waitFor(async () => expect(await waiting()).toBe(1), { timeout: 30_000 });
    for (let n = 0; n < 20; n++) {
      await append(site.store, ...noted(n * 10, 10));
      if (n === 10) first.kill('SIGKILL');
    }
    await site.reached(201);
    expect((await site.ledger()).size).toBe(201n);
    expect(await eventsProjectedTwice()).toEqual([]);
    expect(await site.differences()).toEqual([]);
  });

  it('takes over from one that stands still, whose next write is refused', async () => {
    const first = projector();
    await vi.waitFor(async () => expect(await site.checkpoints()).toMatchObject({ 'audit-trail': '1' }), {
      timeout: 30_000,
    });
    first.kill('SIGSTOP');
    // As the server does with a session that it has not heard of for long enough.
    await site.owner.query(
      `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted
         and database = (select oid from pg_database where datname = current_database())`,
    );
    running = await site.start();
    await append(site.store, ...noted(0, 10));
    await site.reached(11);
    first.kill('SIGCONT');
    const [code] = (await once(first, 'exit')) as [number];
    expect(code).toBe(1);
    await append(site.store, ...noted(10, 10));
    await site.reached(21);
    expect((await site.ledger()).size).toBe(21n);
    expect(await eventsProjectedTwice()).toEqual([]);
    expect(site.lost).toEqual([]);
  });
});

describe('a projector that stands still within a transaction', () => {
  it('keeps nobody waiting for ever, and what it had begun is undone', async () => {
    await site.runOnce();
    const url = site.settings.databaseUrl;
    const first = nodeProcess(
      `import { Transactions } from '#apps/projector/src/transactions';
       import { Lease } from '#platform/lease/lease';
       const fence = await new Lease(process.argv[1], (error) => { throw error; }, 1_000).acquire();
       await new Transactions(process.argv[1], 1, fence, 1_000).run(async (tx) => {
         await tx.query('create table read.begun (n integer)');
         console.log('within');
         await new Promise((resolve) => setTimeout(resolve, 60_000));
       });`,
      url,
    );
    children.push(first);
    expect(await nextLine(first)).toBe('within');
    first.kill('SIGSTOP');
    const second = new Lease(url, () => undefined);
    await second.acquire();
    expect(await site.rows(`select from pg_tables where tablename = 'begun'`)).toEqual([]);
    await second.release();
  });
});

describe('a projector whose lease was taken over', () => {
  it('seals nothing, projects nothing, and says that it must end', async () => {
    running = await site.start();
    await beginEpoch();
    await append(site.store, ...noted(0));
    await vi.waitFor(() => expect(site.lost.length).toBeGreaterThan(0), { timeout: 20_000 });
    expect(site.lost[0]).toMatchObject({ code: 'fenced-out' });
    await running.close();
    running = undefined;
    expect((await site.ledger()).size).toBe(1n);
    expect(await site.checkpoints()).toMatchObject({ 'audit-trail': '1' });
  });

  it('is refused each transaction on the read models', async () => {
    await site.runOnce();
    const [row] = await site.rows<{ name: string; epoch: string }>('select name, epoch from holdfast.lease');
    const fence = { name: row?.name ?? '', epoch: BigInt(row?.epoch ?? 0) };
    const transactions = new Transactions(site.settings.databaseUrl, 1, fence);
    const write = () => transactions.run((tx) => tx.query('select'));
    await write();
    await beginEpoch();
    await expect(write()).rejects.toMatchObject({ code: 'fenced-out' });
    await transactions.close();
  });
});
