import { Counter, type Registry } from 'prom-client';
import type { EventStore } from '#event-store/port';
import type { Logger } from '#platform/logging/logger';
import { appendMetrics } from '#platform/metrics/append-metrics';
import { lagMetrics } from '#platform/metrics/lag-metrics';
import type { AppendObserver } from '#platform/metrics/measured-event-store';
import type { ReactorCheckpoints } from '#platform/reactor';
import { upstreamMetrics } from '#upstream/metrics';
import type { UpstreamObserver } from '#upstream/published';

/** The one place where what happens in the worker is logged and counted. */
export interface WorkerEvents {
  readonly appended: AppendObserver;
  readonly upstreamAsked: UpstreamObserver;
  /** It is run again after the pause. @param requestId of the event that it could not handle */
  reactorFailed(error: unknown, reactor: string, pauseMs: number, requestId: string | undefined): void;
  /** Shows from now on how far these reactors are. */
  watch(store: EventStore, checkpoints: ReactorCheckpoints, reactors: readonly string[]): void;
}

export function workerEvents(logger: Logger, metrics: Registry): WorkerEvents {
  const measureAppend = appendMetrics(metrics);
  const failures = new Counter({
    name: 'holdfast_reactor_failures_total',
    help: 'How often a reactor failed and was run again',
    labelNames: ['reactor'],
    registers: [metrics],
  });
  return {
    appended: (outcome, seconds, stream, events) => {
      measureAppend(outcome, seconds, stream, events);
      if (outcome === 'appended')
        logger.info({ stream, types: [...new Set(events.map(({ type }) => type))] }, 'appended');
    },
    upstreamAsked: upstreamMetrics(metrics),
    reactorFailed: (err, reactor, pauseMs, requestId) => {
      failures.inc({ reactor });
      const fields = { err, reactor, pauseMs, ...(requestId === undefined ? {} : { requestId }) };
      logger.error(fields, 'a reactor failed, and is run again');
    },
    watch: (store, checkpoints, reactors) => {
      for (const reactor of reactors) failures.inc({ reactor }, 0);
      lagMetrics(metrics, {
        of: 'reactor',
        store,
        followers: () =>
          Promise.all(reactors.map(async (name) => ({ name, cursor: await checkpoints.load(name) }))),
      });
    },
  };
}
