import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { scrubMetrics } from './scrub-metrics.js';

const GAUGE = 'holdfast_kept_blobs_damaged';

it('shows what is damaged for as long as it is, whoever found it, and while the event store is away', async () => {
  const metrics = new Registry();
  let damaged = (): Promise<readonly string[]> => Promise.resolve(['a', 'b']);
  scrubMetrics(metrics, () => damaged());
  expect(await metrics.metrics()).toContain(`${GAUGE} 2`);
  damaged = () => Promise.reject(new Error('ECONNREFUSED'));
  expect(await metrics.metrics()).toContain(`${GAUGE} 2`);
  damaged = () => new Promise(() => undefined);
  expect(await metrics.metrics()).toContain(`${GAUGE} 2`);
  damaged = () => Promise.resolve([]);
  expect(await metrics.metrics()).toContain(`${GAUGE} 0`);
});
