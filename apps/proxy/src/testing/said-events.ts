import type { Registry } from 'prom-client';
import { Readiness } from '#platform/health/readiness';
import type { Logger } from '#platform/logging/logger';
import type { ServingEvents } from '#serving/published';
import { proxyEvents } from '../proxy-events.js';
import { proxyMetrics, type ProxyMetrics } from '../proxy-metrics.js';
import { watchProxy } from '../proxy-readiness.js';
import type { RecordedEvents } from './recorded-events.js';

/** What a proxy says of what happens, in its real log and its real metrics, as its main.ts puts it together; tests wait for the same events. */
export function saidEvents(
  logger: Logger,
  registry: Registry,
  cacheDir: string,
): { readonly metrics: ProxyMetrics; readonly events: (recorded: RecordedEvents) => ServingEvents } {
  const metrics = proxyMetrics(registry);
  const said = proxyEvents(
    logger,
    metrics,
    watchProxy(new Readiness('proxy'), { blobs: undefined, cacheDir }),
  );
  return {
    metrics,
    events: (recorded) => ({
      ...said,
      policyObeyed: (position, overrides, from) => {
        said.policyObeyed(position, overrides, from);
        recorded.policyObeyed(position);
      },
    }),
  };
}
