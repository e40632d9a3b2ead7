import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { rounded, type Measured } from '../bench.js';
import { countRecords, recordsInReadModel } from './count-records.js';
import { recordingCosts } from './recording-cost.js';
import { RecordingProxy } from './recording-proxy.js';
import { RecordingSite } from './recording-site.js';

/** After these shares of the time. */
const KILLS = [
  [0.15, 'control'],
  [0.3, 'projector'],
  [0.45, 'proxy 1'],
  [0.6, 'postgres'],
  [0.75, 'proxy 2'],
] as const;

export interface Deliveries {
  readonly proxies: number;
  /** Records, of all proxies. */
  readonly perSecond: number;
  readonly seconds: number;
}

/** What recording costs, and then what becomes of records. */
export async function measureDeliveries(
  { proxies: count, perSecond, seconds }: Deliveries,
  say: (line: string) => void,
): Promise<Measured> {
  const costs = await recordingCosts(say);
  const site = await RecordingSite.start(() => undefined);
  const obeyed = { origin: 'bench.example/log', policyKey: 'not asked for here' };
  const proxies: RecordingProxy[] = [];
  try {
    for (let n = 1; n <= count; n++) {
      const name = `proxy ${n}`;
      proxies.push(
        new RecordingProxy(name, await site.enrol(name, obeyed), site.controlUrl, perSecond / count),
      );
    }
    const { table, figures } = await carry(site, proxies, seconds, say);
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
        answer_percent: costs.usual.longerPercent,
      },
    };
  } finally {
    await Promise.allSettled(proxies.map((proxy) => proxy.stop()));
    await site.stop();
  }
}

/** From the first record until the last one is in the read model. */
async function carry(
  site: RecordingSite,
  proxies: readonly RecordingProxy[],
  seconds: number,
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
