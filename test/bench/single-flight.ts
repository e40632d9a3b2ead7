import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Bench } from './bench.js';
import { writeArtefact } from './serving/artefact.js';
import { load, shot } from './serving/load.js';
import { addressOfSnap, startOneSnapStore } from './serving/one-snap-store.js';
import { startProxy } from './serving/proxy-on-disk.js';

const DEVICES = 50;
const SIZE = 20 * 1024 * 1024;

export const bench: Bench = {
  name: 'single-flight',
  about: `${DEVICES} devices ask at once for an artefact of ${SIZE / 1024 / 1024} MB that is not in the cache.`,
  marks: [{ figure: 'upstream_fetches', atMost: 1 }],
  async run() {
    const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-bench-'));
    const file = path.join(folder, 'bench-big_1.snap');
    await writeArtefact(file, SIZE);
    const store = await startOneSnapStore(file, SIZE);
    const proxy = await startProxy([], `${store.url}/`);
    try {
      const { answers, bytes, seconds } = await load(
        shot(await addressOfSnap(proxy.url), 'GET', {}),
        DEVICES,
      );
      if (answers !== DEVICES || bytes < DEVICES * SIZE)
        throw new Error(`only ${answers} devices were answered`);
      return {
        table: [
          ['devices', 'MB each', 'fetches from upstream', 'seconds'],
          [DEVICES, SIZE / 1024 / 1024, store.fetches, seconds.toFixed(2)],
        ],
        figures: { upstream_fetches: store.fetches },
      };
    } finally {
      await proxy.stop();
      await store.close();
      await rm(folder, { recursive: true, force: true });
    }
  },
};
