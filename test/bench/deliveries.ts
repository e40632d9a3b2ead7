import type { Bench } from './bench.js';

const PROXIES = 4;
const PER_SECOND = 6_000;
const USUAL_SECONDS = 120;

/** Shorter or longer where BENCH_SECONDS says so. */
const seconds = Number(process.env['BENCH_SECONDS'] ?? USUAL_SECONDS);

export const bench: Bench = {
  name: 'deliveries',
  about: `${PROXIES} proxies record ${PER_SECOND} downloads a second in all for ${seconds} s, until all are events and in the read model; meanwhile control, projector, PostgreSQL and two of the proxies are killed (kill -9). Before that: what recording costs a proxy that answers refreshes of 20 snaps.`,
  marks: [
    { figure: 'per_s', atLeast: 5_000 },
    { figure: 'lost', atMost: 0 },
    { figure: 'repeated', atMost: 0 },
    { figure: 'cost_percent', atMost: 5 },
  ],
  async run(say) {
    // All servers come with it.
    const { measureDeliveries } = await import('./deliveries/measure.js');
    return await measureDeliveries({ proxies: PROXIES, perSecond: PER_SECOND, seconds }, say);
  },
};
