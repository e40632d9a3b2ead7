import { Counter, type Registry } from 'prom-client';
import type { ProjectionProgress } from '#platform/at-least/projection-progress';
import type { EventStore } from '#event-store/port';
import { appendMetrics } from '#platform/metrics/append-metrics';
import { httpMetrics, type OnAnswered } from '#platform/metrics/http-metrics';
import { lagMetrics } from '#platform/metrics/lag-metrics';
import { certificateMetrics, type CertificateMetrics } from '#platform/tls/certificate-metrics';
import type { AppendObserver } from '#platform/metrics/measured-event-store';

/** Where what happens in control is counted. */
export interface ControlMetrics {
  readonly appended: AppendObserver;
  readonly answered: OnAnswered;
  readonly certificate: CertificateMetrics;
  /** A request that was not done, by its problem's code. */
  readonly refused: (code: string) => void;
  /** Shows from now on how far the projections are: control sees it also while there is no projector. */
  watch(store: EventStore, progress: Pick<ProjectionProgress, 'checkpoints'>): void;
}

export function controlMetrics(metrics: Registry): ControlMetrics {
  const refusals = new Counter({
    name: 'holdfast_refusals_total',
    help: 'Requests that were not done, by the code of the problem that was answered',
    labelNames: ['code'],
    registers: [metrics],
  });
  return {
    appended: appendMetrics(metrics),
    answered: httpMetrics(metrics),
    certificate: certificateMetrics(metrics),
    refused: (code) => refusals.inc({ code }),
    watch: (store, progress) =>
      lagMetrics(metrics, { of: 'projection', store, followers: () => progress.checkpoints() }),
  };
}
