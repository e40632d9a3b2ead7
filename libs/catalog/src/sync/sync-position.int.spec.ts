import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Fence } from '#platform/lease/fence';
import { testDatabase } from '#test/support/test-database';
import { SyncPositions } from './sync-position.js';

let pool: pg.Pool;
beforeAll(async () => {
  // One connection: a lease goes with its session, and is taken again in the same one.
  pool = new pg.Pool({ connectionString: (await testDatabase()).url('worker'), max: 1 });
});
afterAll(async () => pool.end());

async function takeLease(): Promise<Fence> {
  const { rows } = await pool.query<Fence>('select name, epoch from holdfast.take_lease()');
  const [lease] = rows;
  if (!lease) throw new Error('no lease');
  return lease;
}

it('is kept, and saved only by who holds the lease', async () => {
  const before = new SyncPositions(pool, await takeLease());
  expect(await before.load()).toEqual({ roundAt: undefined, triedAt: undefined, failures: 0 });
  const failed = { roundAt: undefined, triedAt: '2026-11-22T12:48:14.123Z', failures: 3 };
  await before.save(failed);
  expect(await before.load()).toEqual(failed);

  const after = new SyncPositions(pool, await takeLease());
  const done = { roundAt: '2026-11-22T13:48:14.123Z', triedAt: '2026-11-22T13:48:14.123Z', failures: 0 };
  await after.save(done);
  await expect(before.save(failed)).rejects.toMatchObject({ code: 'fenced-out' });
  expect(await after.load()).toEqual(done);
});
