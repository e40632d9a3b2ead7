import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Fence } from '#platform/lease/fence';
import { testDatabase } from '#test/support/test-database';
import { ScrubPositions } from './scrub-position.js';

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

const never = { after: undefined, sliceAt: undefined, roundAt: undefined };

it('is kept, and saved only by who holds the lease', async () => {
  const before = new ScrubPositions(pool, await takeLease());
  expect(await before.load()).toEqual(never);
  const half = { ...never, after: 'ab'.repeat(32), sliceAt: '2026-11-22T12:48:14.123Z' };
  await before.save(half);
  expect(await before.load()).toEqual(half);

  const after = new ScrubPositions(pool, await takeLease());
  const whole = { ...never, sliceAt: '2026-11-22T13:48:14.123Z', roundAt: '2026-11-22T13:48:14.123Z' };
  await after.save(whole);
  await expect(before.save(half)).rejects.toMatchObject({ code: 'fenced-out' });
  expect(await after.load()).toEqual(whole);
});
