import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { sinkMetrics } from './sink-metrics.js';

const clock = { now: () => '2026-11-24T08:20:00.000Z' };

/** The lines of how long sinks have failed. */
async function failing(registry: Registry): Promise<readonly string[]> {
  const lines = (await registry.metrics()).split('\n');
  return lines.filter((line) => line.startsWith('holdfast_sink_failing_seconds{'));
}

describe('how long a sink has failed', () => {
  it('is counted from the first try, and 0 once it takes what it is told', async () => {
    const registry = new Registry();
    const metrics = sinkMetrics(registry, clock);
    metrics.areTold(['ops']);
    metrics.failing('ops', '2026-11-24T08:00:00.000Z');
    expect(await failing(registry)).toEqual(['holdfast_sink_failing_seconds{sink="ops"} 1200']);
    metrics.failing('ops', null);
    expect(await failing(registry)).toEqual(['holdfast_sink_failing_seconds{sink="ops"} 0']);
  });

  it('is not said of one that is told no more, and begins anew with it', async () => {
    const registry = new Registry();
    const metrics = sinkMetrics(registry, clock);
    metrics.areTold(['ops', 'siem']);
    metrics.failing('ops', '2026-11-24T08:00:00.000Z');
    metrics.areTold(['siem']);
    metrics.failing('ops', '2026-11-24T08:00:00.000Z');
    metrics.broke('ops');
    expect(await failing(registry)).toEqual(['holdfast_sink_failing_seconds{sink="siem"} 0']);
    metrics.areTold(['siem', 'ops']);
    expect(await failing(registry)).toContain('holdfast_sink_failing_seconds{sink="ops"} 0');
  });
});
