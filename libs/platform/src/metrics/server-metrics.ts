import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client';
import type { Readiness } from '../health/readiness.js';
import { version } from '../version.js';

/** What every server shows: its process, what it was built from, and whether it is ready. */
export function serverMetrics(metrics: Registry, readiness: Readiness): void {
  collectDefaultMetrics({ register: metrics });
  new Gauge({
    name: 'holdfast_build_info',
    help: 'Always 1; its labels say which server this is, of which version, on which Node.js',
    labelNames: ['server', 'version', 'node'],
    registers: [metrics],
  }).set({ server: readiness.server, version: version(), node: process.versions.node }, 1);
  new Gauge({
    name: 'holdfast_ready',
    help: 'Whether the server is ready (1) or waits for something (0), as /readyz says',
    registers: [metrics],
    async collect() {
      this.set((await readiness.report()).ready ? 1 : 0);
    },
  });
  new Gauge({
    name: 'holdfast_condition_met',
    help: 'For each condition of /readyz: whether it is met (1) or not (0)',
    labelNames: ['condition'],
    registers: [metrics],
    async collect() {
      this.reset();
      for (const { name, met } of (await readiness.report()).conditions)
        this.set({ condition: name }, met ? 1 : 0);
    },
  });
}
