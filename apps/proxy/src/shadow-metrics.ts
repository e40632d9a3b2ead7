import { Counter, type Registry } from 'prom-client';
import type { Outcome } from '#serving/published';

/** Where it is counted what comparing with the incumbent comes to. */
export interface ShadowMetrics {
  compared(endpoint: string, outcome: Outcome): void;
}

export function shadowMetrics(metrics: Registry): ShadowMetrics {
  const registers = [metrics];
  const requests = new Counter({
    name: 'holdfast_shadow_requests_total',
    help: 'Requests that were passed on to the incumbent, by what was asked and by what comparing came to: equal, differs, or why they were not compared',
    labelNames: ['endpoint', 'outcome'] as const,
    registers,
  });
  const differences = new Counter({
    name: 'holdfast_shadow_differences_total',
    help: "Differences between the incumbent's answers and ours, by what was asked and why; an answer may have several",
    labelNames: ['endpoint', 'why'] as const,
    registers,
  });
  return {
    compared: (endpoint, outcome) => {
      requests.inc({ endpoint, outcome: outcome.kind === 'not-compared' ? outcome.reason : outcome.kind });
      if (outcome.kind !== 'differs') return;
      for (const { why } of outcome.differences) differences.inc({ endpoint, why });
    },
  };
}
