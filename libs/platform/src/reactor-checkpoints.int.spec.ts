import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testDatabase } from '#test/support/test-database';
import type { Fence } from './lease/fence.js';
import { PostgresReactorCheckpoints } from './reactor-checkpoints.js';

let pool: pg.Pool;
beforeAll(async () => {
  // One connection: a lease goes with its session, and is taken again in the same one.
  pool = new pg.Pool({ connectionString: (await testDatabase()).url('worker'), max: 1 });
});
afterAll(async () => pool.end());

async function takeLease(): Promise<Fence> {
  const { rows } = await pool.query<{ name: string; epoch: string }>(
    'select name, epoch from holdfast.take_lease()',
  );
  const [row] = rows;
  if (!row) throw new Error('no lease');
  return { name: row.name, epoch: BigInt(row.epoch) };
}

it("keeps each reactor's newest checkpoint", async () => {
  const checkpoints = new PostgresReactorCheckpoints(pool, await takeLease());
  expect(await checkpoints.load('one')).toBeNull();
  await checkpoints.save('one', '7');
  await checkpoints.save('one', '12');
  await checkpoints.save('other', '3');
  expect(await checkpoints.load('one')).toBe('12');
  expect(await checkpoints.load('other')).toBe('3');
});

it('takes none from who has lost the lease', async () => {
  const before = new PostgresReactorCheckpoints(pool, await takeLease());
  await before.save('fenced', '1');
  const after = new PostgresReactorCheckpoints(pool, await takeLease());
  await expect(before.save('fenced', '2')).rejects.toMatchObject({ code: 'fenced-out' });
  await expect(before.save('fenced-new', '2')).rejects.toMatchObject({ code: 'fenced-out' });
  expect(await after.load('fenced')).toBe('1');
  expect(await after.load('fenced-new')).toBeNull();
  await after.save('fenced', '3');
  expect(await after.load('fenced')).toBe('3');
});
