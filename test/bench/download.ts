import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { median, rounded, type Bench, type Measured } from './bench.js';
import type { Child } from './serving/child.js';
import { load, shot, type Shot } from './serving/load.js';
import { startNginx } from './serving/nginx.js';
import { addressOfSnap, startOneSnapStore } from './serving/one-snap-store.js';
import { startProxy } from './serving/proxy-on-disk.js';
import { writeArtefact } from './serving/artefact.js';

const MEGABYTE = 1024 * 1024;
const SIZE = 200 * MEGABYTE;
const ROUNDS = 7;
const ROUND_MS = 2_000;

export const bench: Bench = {
  name: 'download',
  about: `A cached artefact of ${SIZE / MEGABYTE} MB, read over and over on one connection, against nginx with the same file; ${ROUNDS} rounds in turn.`,
  marks: [
    { figure: 'ratio', atLeast: 0.5 },
    { figure: 'rss_growth_mb', atMost: 64 },
  ],
  async run(say) {
    const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-bench-'));
    const file = path.join(folder, 'bench-big_1.snap');
    await writeArtefact(file, SIZE);
    const store = await startOneSnapStore(file, SIZE);
    const proxy = await startProxy([], `${store.url}/`);
    const nginx = await startNginx(folder);
    try {
      const ours = shot(await addressOfSnap(proxy.url), 'GET', {});
      // Fetched from upstream and verified on its way: it is in the cache from then on.
      const fetching = watch(proxy);
      await load(ours, 1);
      const fetchGrowth = fetching.stop();
      const serving = watch(proxy);
      const { table, figures } = await measure(ours, shot(`${nginx.url}/bench-big_1.snap`, 'GET', {}), say);
      const growth = serving.stop();
      const memory = [
        ['memory growth while it was fetched, MB', fetchGrowth],
        ['memory growth while it was served from the cache, MB', growth],
      ];
      return { table: [...table, ...memory], figures: { ...figures, rss_growth_mb: growth } };
    } finally {
      await nginx.stop();
      await proxy.stop();
      await store.close();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** How much more memory, in MB, a process has at the most than at first, looked at ten times a second. */
function watch(child: Child): { stop(): number } {
  const first = child.rss();
  let most = first;
  const timer = setInterval(() => (most = Math.max(most, child.rss())), 100);
  return {
    stop() {
      clearInterval(timer);
      return rounded((Math.max(most, child.rss()) - first) / MEGABYTE);
    },
  };
}

async function measure(proxy: Shot, nginx: Shot, say: (line: string) => void): Promise<Measured> {
  for (const each of [proxy, nginx]) await load(each, 1);
  const rounds: { ours: number; theirs: number }[] = [];
  for (let n = 1; n <= ROUNDS; n++) {
    const ours = await megabytesPerSecond(proxy);
    const theirs = await megabytesPerSecond(nginx);
    rounds.push({ ours, theirs });
    say(
      `round ${n}: proxy ${Math.round(ours)} MB/s, nginx ${Math.round(theirs)} MB/s, ratio ${rounded(ours / theirs)}`,
    );
  }
  const ratio = rounded(median(rounds.map(({ ours, theirs }) => ours / theirs)));
  return {
    table: [
      ['', 'MB/s'],
      ['proxy', Math.round(median(rounds.map(({ ours }) => ours)))],
      ['nginx', Math.round(median(rounds.map(({ theirs }) => theirs)))],
      ['ratio', ratio],
    ],
    figures: { ratio },
  };
}

async function megabytesPerSecond(at: Shot): Promise<number> {
  const { bytes, seconds } = await load(at, 1, ROUND_MS);
  return bytes / MEGABYTE / seconds;
}
