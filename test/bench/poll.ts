import { rounded, type Bench, type Measured } from './bench.js';
import { heldSnap, refreshRequest } from './serving/installed-snaps.js';
import { poll, type Polled } from './serving/polling-device.js';
import { headersOf } from './serving/device-headers.js';
import { startNode } from './serving/node-on-disk.js';
import { startTakingControl } from './serving/taking-control.js';
import type { Child } from './serving/child.js';

const DEVICES = 2_000;
const SNAPS = 20;
const PER_SECOND = 100;
const USUAL_SECONDS = 600;
/** Of the devices, one in so many has older revisions than those that are held. */
const UPDATE_EVERY = 4;
const SLOW_EVERY = 20;
const MEGABYTE = 1024 * 1024;

/** Shorter where BENCH_SECONDS says so. */
const seconds = Number(process.env['BENCH_SECONDS'] ?? USUAL_SECONDS);

export const bench: Bench = {
  name: 'poll',
  about: `${DEVICES} devices with ${SNAPS} snaps each, ${PER_SECOND} refreshes a second in all for ${seconds} s, each with a session and on a connection of its own, of a proxy that records what it offers; one device in ${UPDATE_EVERY} has updates, one in ${SLOW_EVERY} a slow line.`,
  marks: [
    { figure: 'errors', atMost: 0 },
    { figure: 'p99_ms', atMost: 100 },
    { figure: 'rss_growth_mb', atMost: 64 },
  ],
  async run(say) {
    const snaps = Array.from({ length: SNAPS }, (_, n) => heldSnap(n));
    const control = await startTakingControl();
    const proxy = await startNode(snaps, control.url);
    try {
      const old = refreshRequest(snaps);
      const upToDate = refreshRequest(
        snaps.map((snap) => ({ ...snap, version: String(Number(snap.version) + 1) })),
      );
      const devices = Array.from({ length: DEVICES }, (_, n) => headersOf(`serial-${n}`));
      return await measure(proxy, { old, upToDate, devices }, say);
    } finally {
      await proxy.stop();
      say(`${control.taken()} records were handed over`);
      await control.close();
    }
  },
};

interface Questions {
  readonly old: string;
  readonly upToDate: string;
  /** The headers of each. */
  readonly devices: readonly Readonly<Record<string, string>>[];
}

async function measure(proxy: Child, questions: Questions, say: (line: string) => void): Promise<Measured> {
  const polled: Polled[] = [];
  const asking = new Set<Promise<void>>();
  let [settled, most] = [0, 0];
  const began = performance.now();
  for (let n = 0; n < seconds * PER_SECOND; n++) {
    const due = began + (n * 1_000) / PER_SECOND;
    const wait = due - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    const asked: Promise<void> = ask(proxy.url, questions, n % DEVICES).then((each) => {
      polled.push(each);
      asking.delete(asked);
    });
    asking.add(asked);
    if (n % (PER_SECOND * 10) !== 0) continue;
    const rss = proxy.rss();
    // The first minute, or tenth, is for what is made once: code, caches.
    if (n <= Math.min(60, seconds / 10) * PER_SECOND) settled = rss;
    most = Math.max(most, rss);
    say(`${Math.round(n / PER_SECOND)} s: ${polled.length} answers, ${Math.round(rss / MEGABYTE)} MB`);
  }
  await Promise.all(asking);
  most = Math.max(most, proxy.rss());
  return measured(polled, { settled, most });
}

function ask(url: string, { old, upToDate, devices }: Questions, device: number): Promise<Polled> {
  const updates = device % UPDATE_EVERY === 0;
  const headers = { ...devices[device], 'user-agent': `snapd/2.64 bench-${device}` };
  const slow = device % SLOW_EVERY === 1;
  const body = updates ? old : upToDate;
  return poll({ url: `${url}/v2/snaps/refresh`, headers, body, slow }, SNAPS);
}

function measured(
  polled: readonly Polled[],
  memory: { readonly settled: number; readonly most: number },
): Measured {
  const errors = polled.flatMap(({ error }) => error ?? []);
  const times = polled.map(({ ms }) => ms).toSorted((a, b) => a - b);
  const at = (share: number): number => rounded(times[Math.floor((times.length - 1) * share)] ?? Number.NaN);
  const growth = Math.round((memory.most - memory.settled) / MEGABYTE);
  return {
    table: [
      ['', ''],
      ['answers', polled.length],
      ['errors', errors.length],
      ['median, ms', at(0.5)],
      ['99th percentile, ms', at(0.99)],
      ['slowest, ms', at(1)],
      ['memory, MB', Math.round(memory.settled / MEGABYTE)],
      ['at most, MB', Math.round(memory.most / MEGABYTE)],
      ...[...new Set(errors)]
        .slice(0, 5)
        .map((error) => [error, errors.filter((each) => each === error).length]),
    ],
    figures: { errors: errors.length, p99_ms: at(0.99), rss_growth_mb: growth },
  };
}
