import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SyncPosition } from '#catalog/sync/sync-position';
import { HELLO, SyncBench } from '#catalog/testing/sync-bench';
import { createLogger } from '#platform/logging/logger';
import { syncMetrics } from './sync-metrics.js';
import { SyncSchedule } from './sync-schedule.js';

let bench: SyncBench;
let schedule: SyncSchedule | undefined;
let position: SyncPosition;
let registry: Registry;
beforeEach(async () => {
  bench = await SyncBench.open();
  position = { roundAt: undefined, triedAt: undefined, failures: 0 };
  for (const name of ['lab-hello', 'lab-multi', 'lab-tool']) await bench.watch(name);
});
afterEach(async () => {
  await schedule?.onApplicationShutdown();
  schedule = undefined;
  await bench[Symbol.asyncDispose]();
});

async function start(everyMinutes = 360): Promise<void> {
  await schedule?.onApplicationShutdown();
  registry = new Registry();
  const metrics = syncMetrics(registry, everyMinutes, bench.clock);
  const parts = {
    streams: bench.writer,
    observer: {
      look: async (...asked: Parameters<typeof bench.observer.look>) => {
        const look = await bench.observer.look(...asked);
        metrics.looked(look);
        return look;
      },
    },
    positions: {
      load: async () => position,
      save: async (saved: SyncPosition) => void (position = saved),
    },
    metrics,
    clock: bench.clock,
    logger: createLogger('worker', 'silent'),
  };
  schedule = new SyncSchedule({ everyMinutes, paceMs: 1 }, parts, () => 0.5);
  schedule.onApplicationBootstrap();
}

const until = (holds: () => void) => vi.waitFor(holds, { timeout: 20_000, interval: 10 });
const metric = async (name: string) => {
  const { values } = (await registry.getSingleMetric(name)?.get()) ?? { values: [] };
  return Object.fromEntries(values.map(({ labels, value }) => [Object.values(labels).join(), value]));
};

describe('the schedule', () => {
  it('looks at every watched snap, then waits until it is time again', async () => {
    await start();
    await until(() => expect(position.roundAt).toBe('2026-11-26T12:00:00.000Z'));
    const seen = (await bench.all('upstream-snap/')).filter(({ type }) => type === 'SnapFirstSeen');
    expect(seen.map(({ data }) => (data as { name: string }).name)).toEqual([
      'lab-hello',
      'lab-multi',
      'lab-tool',
    ]);
    bench.store.release('lab-hello', 'edge', null, 'arm64');
    bench.clock.set('2026-11-26T17:59:59.000Z');
    await start();
    await vi.waitFor(async () =>
      expect(await metric('holdfast_sync_age_seconds')).toEqual({ '': 6 * 60 * 60 - 1 }),
    );
    expect(position.triedAt).toBe('2026-11-26T12:00:00.000Z');
    bench.clock.set('2026-11-26T18:00:01.000Z');
    await start();
    await until(() => expect(position.roundAt).toBe('2026-11-26T18:00:01.000Z'));
    expect((await bench.all(`upstream-snap/${HELLO.snapId}`)).at(-1)?.type).toBe('ChannelClosed');
    expect(await metric('holdfast_publisher_events_total')).toMatchObject({
      ChannelClosed: 1,
      DeclarationRevoked: 0,
    });
    expect(await metric('holdfast_sync_looks_total')).toEqual({ unchanged: 2, changed: 1, failed: 0 });
    expect(await metric('holdfast_watched_snaps')).toEqual({ '': 3 });
  });

  it('gives up when upstream is away, and tries sooner than usual', async () => {
    bench.store.fault({ mode: 'error-500', path: '/v2/snaps/info/lab-multi' });
    await start();
    await until(() => expect(position.failures).toBe(1));
    expect(position).toEqual({ roundAt: undefined, triedAt: '2026-11-26T12:00:00.000Z', failures: 1 });
    expect(await metric('holdfast_sync_failures_total')).toEqual({ 'server-error': 1 });
    expect(await bench.all('upstream-snap/')).toHaveLength(2);
    bench.store.fault({ mode: 'none' });
    bench.clock.set('2026-11-26T12:06:00.000Z');
    await start();
    await until(() => expect(position.failures).toBe(0));
    expect(position.roundAt).toBe('2026-11-26T12:06:00.000Z');
  });

  it('goes on past a snap that cannot be read', async () => {
    bench.store.fault({ mode: 'broken-chain', path: '/v2/assertions/snap-declaration/16/labmulti' });
    await start();
    await until(() => expect(position.roundAt).toBeDefined());
    expect(await metric('holdfast_sync_looks_total')).toMatchObject({ changed: 2, failed: 1 });
    expect(await metric('holdfast_sync_failures_total')).toEqual({ 'assertion-not-found': 1 });
  });

  it('is never late when it is off', async () => {
    await start(0);
    bench.clock.set('2027-11-26T12:00:00.000Z');
    expect(await metric('holdfast_sync_age_seconds')).toEqual({ '': 0 });
    expect(await metric('holdfast_sync_interval_seconds')).toEqual({ '': 0 });
    expect(await bench.all('upstream-snap/')).toEqual([]);
  });

  it('is as old as its last round', async () => {
    position = { roundAt: '2026-11-26T06:00:00.000Z', triedAt: '2026-11-26T11:58:00.000Z', failures: 2 };
    await start();
    await vi.waitFor(async () =>
      expect(await metric('holdfast_sync_age_seconds')).toEqual({ '': 6 * 60 * 60 }),
    );
  });
});
