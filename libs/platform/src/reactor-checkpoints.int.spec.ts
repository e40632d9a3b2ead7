import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testDatabase } from '#test/support/test-database';
import { PostgresReactorCheckpoints } from './reactor-checkpoints.js';

let pool: pg.Pool;
beforeAll(async () => {
  pool = new pg.Pool({ connectionString: (await testDatabase()).url('worker') });
});
afterAll(async () => pool.end());

it("keeps each reactor's newest checkpoint", async () => {
  const checkpoints = new PostgresReactorCheckpoints(pool);
  expect(await checkpoints.load('one')).toBeNull();
  await checkpoints.save('one', '7');
  await checkpoints.save('one', '12');
  await checkpoints.save('other', '3');
  expect(await checkpoints.load('one')).toBe('12');
  expect(await checkpoints.load('other')).toBe('3');
});
