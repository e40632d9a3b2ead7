import { Registry, type MetricObject } from 'prom-client';
import { controlMetrics } from '#apps/control/src/control-metrics';
import { projectorEvents } from '#apps/projector/src/projector-events';
import { UNSEEN } from '#apps/projector/src/projector-progress';
import { proxyMetrics } from '#apps/proxy/src/proxy-metrics';
import { ratificationMetrics } from '#apps/worker/src/ratification-watch';
import { scrubMetrics } from '#apps/worker/src/scrub/scrub-metrics';
import { holdsMetric } from '#apps/worker/src/holds-watch';
import { overdueHoldsMetric } from '#apps/worker/src/overdue-holds-watch';
import { reviewsMetric } from '#apps/worker/src/reviews-watch';
import { scheduleMetric } from '#apps/worker/src/schedule-watch';
import { sinkMetrics } from '#apps/worker/src/sinks/sink-metrics';
import { nodeKeyMetric } from '#apps/worker/src/node-key-watch';
import { silenceMetric } from '#apps/worker/src/silence-watch';
import { syncMetrics } from '#apps/worker/src/sync/sync-metrics';
import { verificationMetrics } from '#apps/worker/src/verification/verification-metrics';
import { workerEvents } from '#apps/worker/src/worker-events';
import { systemClock } from '#kernel';
import { InMemoryEventStore } from '#event-store/fake/in-memory-event-store';
import { Readiness } from '#platform/health/readiness';
import { createLogger } from '#platform/logging/logger';
import { serverMetrics } from '#platform/metrics/server-metrics';

export interface RegisteredMetric {
  readonly server: string;
  readonly name: string;
  readonly type: string;
  readonly labels: readonly string[];
  readonly help: string;
}

const SERVERS = ['control', 'worker', 'projector', 'proxy'] as const;

/**
 * Every metric that each server registers, as its main program does it.
 * @param options.process also those of any Node.js process
 */
export function registeredMetrics(options?: { readonly process: boolean }): readonly RegisteredMetric[] {
  return SERVERS.flatMap((server) => {
    const metrics = new Registry();
    serverMetrics(metrics, new Readiness(server));
    register[server](metrics);
    return metrics
      .getMetricsAsArray()
      .filter(({ name }) => options?.process === true || name.startsWith('holdfast_'))
      .map((metric) => described(server, metric));
  });
}

/** What the package's metrics have besides what its types say. */
interface Described {
  readonly type: string;
  readonly labelNames?: readonly string[];
}

const silent = createLogger('test', 'silent');
const store = new InMemoryEventStore();

const register: Readonly<Record<(typeof SERVERS)[number], (metrics: Registry) => void>> = {
  control: (metrics) => controlMetrics(metrics).watch(store, { checkpoints: async () => [] }),
  worker: (metrics) => {
    scrubMetrics(metrics, async () => []);
    syncMetrics(metrics, 360, systemClock);
    silenceMetric(metrics);
    nodeKeyMetric(metrics);
    holdsMetric(metrics);
    overdueHoldsMetric(metrics);
    scheduleMetric(metrics);
    reviewsMetric(metrics);
    sinkMetrics(metrics, systemClock);
    ratificationMetrics(metrics);
    verificationMetrics(metrics, 86_400_000);
    workerEvents(silent, metrics).watch(store, { load: async () => null, save: async () => undefined }, []);
  },
  projector: (metrics) => void projectorEvents(silent, metrics, '/nowhere', UNSEEN),
  proxy: (metrics) => void proxyMetrics(metrics),
};

function described(server: string, metric: MetricObject): RegisteredMetric {
  const { name, help, type, labelNames = [] } = metric as MetricObject & Described;
  return { server, name, type, labels: labelNames, help };
}
