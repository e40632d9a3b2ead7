import pg from 'pg';
import { setTimeout as pause } from 'node:timers/promises';
import { rounded, type Bench, type Measured } from './bench.js';
import { countRecords, recordsInReadModel } from './deliveries/count-records.js';
import { recordingCosts } from './deliveries/recording-cost.js';
import { RecordingProxy } from './deliveries/recording-proxy.js';
import { RecordingSite } from './deliveries/recording-site.js';

const PROXIES = 4;
const PER_SECOND = 5_500;
const USUAL_SECONDS = 60;
/** After these shares of the time. */
const KILLS = [
  [0.15, 'control'],
  [0.3, 'projector'],
  [0.45, 'proxy 1'],
  [0.6, 'postgres'],
  [0.75, 'proxy 2'],
] as const;

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
    const site = await RecordingSite.start((line) => process.env['BENCH_LOG'] && say(line));
    const obeyed = { origin: 'bench.example/log', policyKey: 'not asked for here' };
    const names = Array.from({ length: PROXIES }, (_, n) => `proxy ${n + 1}`);
    const proxies = await Promise.all(
      names.map(
        async (name) =>
          new RecordingProxy(name, await site.enrol(name, obeyed), site.controlUrl, PER_SECOND / PROXIES),
      ),
    );
    try {
      const costs = await recordingCosts(site, say);
      const { table, figures } = await measure(site, proxies, say);
      return {
        table: [
          ...table,
          ['a refresh, ms of processor time', costs.usual.plainMs],
          ['one that is recorded', costs.usual.recordingMs],
          ['the same, each fourth with updates of all snaps', costs.atWorst.plainMs],
          ['those, recorded', costs.atWorst.recordingMs],
        ],
        figures: {
          ...figures,
          cost_percent: costs.usual.percent,
          cost_at_worst_percent: costs.atWorst.percent,
        },
      };
    } finally {
      await Promise.allSettled(proxies.map((proxy) => proxy.stop()));
      await site.stop();
    }
  },
};

async function measure(
  site: RecordingSite,
  proxies: readonly RecordingProxy[],
  say: (line: string) => void,
): Promise<Measured> {
  const began = performance.now();
  const elapsed = (): number => (performance.now() - began) / 1_000;
  for (const proxy of proxies) proxy.start();
  for (const [share, victim] of KILLS) {
    await pause(Math.max(0, share * seconds - elapsed()) * 1_000);
    say(`${rounded(elapsed())} s: ${victim} is killed; ${waiting(proxies)} records wait`);
    if (victim === 'control' || victim === 'projector' || victim === 'postgres') await site.kill(victim);
    else await proxies.find(({ name }) => name === victim)?.kill();
  }
  await pause(Math.max(0, seconds - elapsed()) * 1_000);
  for (const proxy of proxies) proxy.endAdding();
  say(`${rounded(elapsed())} s: nothing more is recorded; ${waiting(proxies)} records wait`);
  await until(() => Promise.resolve(waiting(proxies) === 0));
  const handedOver = elapsed();
  await Promise.all(proxies.map((proxy) => proxy.stop()));
  const lives = proxies.flatMap((proxy) => proxy.lives);
  const recorded = lives.reduce((sum, { atLeast }) => sum + atLeast, 0);
  const client = new pg.Client({ connectionString: site.ownerUrl });
  await client.connect();
  try {
    await until(async () => (await recordsInReadModel(client)) >= recorded);
  } finally {
    await client.end();
  }
  const took = elapsed();
  const { records, lost, repeated } = await countRecords(site.ownerUrl, lives);
  const perSecond = Math.round(records / took);
  return {
    table: [
      ['', ''],
      ['records', records],
      ['handed over after, s', rounded(handedOver)],
      ['in the read model after, s', rounded(took)],
      ['records a second', perSecond],
      ['lost', lost],
      ['repeated', repeated],
    ],
    figures: { per_s: perSecond, lost, repeated },
  };
}

function waiting(proxies: readonly RecordingProxy[]): number {
  return proxies.reduce((sum, { latest }) => sum + latest.waiting, 0);
}

/** @throws Error after five minutes */
async function until(holds: () => Promise<boolean>): Promise<void> {
  const limit = performance.now() + 300_000;
  while (!(await holds())) {
    if (performance.now() > limit) throw new Error('it did not come about within five minutes');
    await pause(100);
  }
}
