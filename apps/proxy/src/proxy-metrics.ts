import { Counter, Gauge, type Registry } from 'prom-client';
import { httpMetrics, type OnAnswered } from '#platform/metrics/http-metrics';
import { certificateMetrics, type CertificateMetrics } from '#platform/tls/certificate-metrics';
import {
  DOWNLOAD_FAILURES,
  REFUSAL_REASONS,
  REFUSED_REQUESTS,
  type AccessRefusal,
  type DownloadFailure,
} from '#serving/published';
import { upstreamMetrics } from '#upstream/metrics';
import type { UpstreamObserver } from '#upstream/published';
import { cacheMetrics, type CacheMetrics } from './cache-metrics.js';
import { shadowMetrics, type ShadowMetrics } from './shadow-metrics.js';

const INTEGRITY = ['policy', 'artefact-upstream', 'artefact-disk', 'kept-blob'] as const;

type Integrity = (typeof INTEGRITY)[number];

/** Where what happens in the proxy is counted. */
export interface ProxyMetrics extends CacheMetrics, ShadowMetrics {
  readonly answered: OnAnswered;
  readonly certificate: CertificateMetrics;
  readonly upstreamAsked: UpstreamObserver;
  policyObeyed(position: string): void;
  policyConfirmed(): void;
  policyRefused(code: string): void;
  integrityFailed(what: Integrity): void;
  keptBlobProblem(problem: string): void;
  unanswerable(entries: number): void;
  downloadFailed(code: DownloadFailure): void;
  withheld(): void;
  refused(refusal: Pick<AccessRefusal, 'request' | 'reason'>): void;
  policyNotSaved(): void;
  unexpected(): void;
}

export function proxyMetrics(metrics: Registry): ProxyMetrics {
  const registers = [metrics];
  const counter = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Counter({ name, help, labelNames, registers });
  const refused = counter(
    'holdfast_policy_refusals_total',
    'Policy documents that were refused, by the code of the reason; the last good one was served on',
    'code',
  );
  const integrity = counter(
    'holdfast_integrity_failures_total',
    'Something that was not what its signature or digest says: a policy, an artefact from upstream or on our disk, a kept blob. It was not served',
    'what',
  );
  const kept = counter(
    'holdfast_kept_blob_problems_total',
    'Kept blobs that could not be served, by what is wrong with them; each request counts',
    'problem',
  );
  // Shown from the start: a count that appears with its first failure has not grown, for Prometheus.
  for (const what of INTEGRITY) integrity.inc({ what }, 0);
  for (const problem of ['altered', 'missing']) kept.inc({ problem }, 0);
  const downloads = counter(
    'holdfast_download_failures_total',
    'Downloads that failed or broke off, and copies that could not be kept, by the code of the reason; not what a device ended',
    'code',
  );
  for (const code of DOWNLOAD_FAILURES) downloads.inc({ code }, 0);
  const unanswerable = new Gauge({
    name: 'holdfast_policy_entries_unanswerable',
    help: 'Entries of the policy that is obeyed whose devices get an error, since the manifest cannot be used',
    registers,
  });
  const accessRefused = counter(
    'holdfast_access_refusals_total',
    "What the ring's access policy kept from devices, by what was asked for and why",
    'request',
    'reason',
  );
  for (const request of REFUSED_REQUESTS)
    for (const reason of REFUSAL_REASONS) accessRefused.inc({ request, reason }, 0);
  const withheld = counter('holdfast_withheld_total', 'What a device asked for and was not given');
  const notSaved = counter(
    'holdfast_policy_save_failures_total',
    'How often a policy that is obeyed could not be kept on disk',
  );
  const unexpected = counter('holdfast_unexpected_errors_total', 'Faults of our own');
  const position = new Gauge({
    name: 'holdfast_policy_position',
    help: 'The ledger position of the policy that is obeyed',
    registers,
  });
  let confirmed: number | undefined;
  new Gauge({
    name: 'holdfast_policy_age_seconds',
    help: 'How long ago the database last said that the policy obeyed is the newest; since the start, when it never did',
    registers,
    collect() {
      this.set(confirmed === undefined ? process.uptime() : (performance.now() - confirmed) / 1000);
    },
  });
  return {
    ...cacheMetrics(metrics),
    ...shadowMetrics(metrics),
    answered: httpMetrics(metrics),
    certificate: certificateMetrics(metrics),
    upstreamAsked: upstreamMetrics(metrics),
    policyObeyed: (at) => position.set(Number(at)),
    policyConfirmed: () => {
      confirmed = performance.now();
    },
    policyRefused: (code) => refused.inc({ code }),
    integrityFailed: (what) => integrity.inc({ what }),
    keptBlobProblem: (problem) => kept.inc({ problem }),
    unanswerable: (entries) => unanswerable.set(entries),
    downloadFailed: (code) => downloads.inc({ code }),
    withheld: () => withheld.inc(),
    refused: ({ request, reason }) => accessRefused.inc({ request, reason }),
    policyNotSaved: () => notSaved.inc(),
    unexpected: () => unexpected.inc(),
  };
}
