import { afterEach, expect, it, vi } from 'vitest';
import { LeaseError } from '#platform/lease/errors';
import { Watch, type Watching } from './watch.js';

let watch: Watch | undefined;
afterEach(() => watch?.onApplicationShutdown());

/** Looks until there are as many as there are answers. */
async function looks(answers: readonly (() => number | undefined)[], everyMs: number) {
  const seen = { looks: 0, failed: [] as unknown[], fencedOut: [] as Error[] };
  const watching: Watching = {
    everyMs,
    look: async () => answers[seen.looks++]?.(),
    failed: (error) => seen.failed.push(error),
  };
  watch = new Watch(watching, (error) => seen.fencedOut.push(error));
  watch.onApplicationBootstrap();
  await vi.waitFor(() => expect(seen.looks).toBeGreaterThanOrEqual(answers.length));
  await watch.onApplicationShutdown();
  return seen;
}

it('looks at once, and again after its time', async () => {
  expect((await looks([() => undefined, () => undefined, () => undefined], 1)).looks).toBeGreaterThan(2);
});

it('looks as soon as something is due, also when it was due before, and no later than its time', async () => {
  expect((await looks([() => 1, () => -50, () => undefined], 60_000)).looks).toBe(3);
  expect((await looks([() => 60_000, () => undefined], 1)).looks).toBeGreaterThan(1);
});

it('looks again after a look that failed', async () => {
  const error = new Error('the event store is away');
  const failing = () => {
    throw error;
  };
  expect(await looks([failing, () => undefined], 1)).toMatchObject({ failed: [error], fencedOut: [] });
});

it('says that another worker has taken over, and that alone', async () => {
  const error = new LeaseError('fenced-out', 'another worker has taken over');
  const refused = () => {
    throw error;
  };
  expect(await looks([refused], 60_000)).toEqual({ looks: 1, failed: [], fencedOut: [error] });
});
