import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { aStream, someEvents } from '#event-store/contract/examples.contract';
import { testEventStore } from '#event-store/contract/event-store.contract';
import { InMemoryEventStore } from '#event-store/fake/in-memory-event-store';
import { appendMetrics } from './append-metrics.js';
import { MeasuredEventStore } from './measured-event-store.js';

testEventStore(
  'MeasuredEventStore',
  async () => new MeasuredEventStore(new InMemoryEventStore(), () => undefined),
);

describe('the latency of appends', () => {
  it('is counted by what came of them', async () => {
    const metrics = new Registry();
    const store = new MeasuredEventStore(new InMemoryEventStore(), appendMetrics(metrics));
    const stream = aStream();
    await store.append(stream, -1n, someEvents(2));
    await expect(store.append(stream, -1n, someEvents(1))).rejects.toMatchObject({
      code: 'wrong-expected-revision',
    });
    const shown = await metrics.metrics();
    expect(shown).toContain('holdfast_append_duration_seconds_count{outcome="appended"} 1');
    expect(shown).toContain('holdfast_append_duration_seconds_count{outcome="wrong-expected-revision"} 1');
  });
});
