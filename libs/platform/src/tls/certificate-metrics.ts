import { Counter, Gauge, type Registry } from 'prom-client';
import { describeCertificate, expiryOf } from './certificate-facts.js';
import type { TlsPair } from './tls-pair.js';

/** Where what becomes of a server's certificate is counted. */
export interface CertificateMetrics {
  /** @param pair what is shown at the moment that somebody asks */
  watch(pair: () => TlsPair): void;
  notReloaded(): void;
}

export function certificateMetrics(metrics: Registry): CertificateMetrics {
  let shown: (() => TlsPair) | undefined;
  new Gauge({
    name: 'holdfast_certificate_expires_in_seconds',
    help: 'Until the certificate that is shown, or one of its chain, expires; negative when it has. Absent while plain HTTP is served',
    labelNames: ['sha256'],
    registers: [metrics],
    collect() {
      this.reset();
      if (!shown) return;
      const { leaf, chain } = shown();
      this.set({ sha256: describeCertificate(leaf).sha256 }, (expiryOf(chain) - Date.now()) / 1000);
    },
  });
  const failures = new Counter({
    name: 'holdfast_certificate_reload_failures_total',
    help: 'How often something else stood in the file of the certificate that could not be taken; the one before was served on',
    registers: [metrics],
  });
  return {
    watch: (pair) => {
      shown = pair;
    },
    notReloaded: () => failures.inc(),
  };
}
