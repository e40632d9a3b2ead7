import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { median, rounded, type Bench, type Measured } from './bench.js';
import { startChild } from './serving/child.js';
import { DEVICE_HEADERS } from './serving/device-headers.js';
import { heldSnap, refreshRequest } from './serving/installed-snaps.js';
import { NO_UPSTREAM, startProxy } from './serving/proxy-on-disk.js';

const SNAPS = 20;
const ROUNDS = 7;
const QUESTIONS = 300;
/** Not among those that are asked for: the proxy has a policy, and it says nothing of them. */
const ANOTHER = 99;

export const bench: Bench = {
  name: 'relay',
  about: `A refresh of ${SNAPS} installed snaps of which none is held, through the proxy and past it, from the same upstream; one question after the other, ${ROUNDS} rounds of ${QUESTIONS} in turn.`,
  marks: [{ figure: 'added_ms', atMost: 5 }],
  async run(say) {
    const snaps = Array.from({ length: SNAPS }, (_, n) => heldSnap(n));
    const body = refreshRequest(snaps);
    const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-bench-'));
    const file = path.join(folder, 'answer.json');
    await writeFile(file, await storeAnswer(body));
    const upstream = await startChild('test/bench/serving/bare-route.js', {}, [file]);
    const proxy = await startProxy([heldSnap(ANOTHER)], upstream.url);
    try {
      await checkRelayed(proxy.url, upstream.url, body);
      return await measure(proxy.url, upstream.url, body, say);
    } finally {
      await proxy.stop();
      await upstream.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** What a store answers: each snap with a revision that is newer than the installed one. */
async function storeAnswer(body: string): Promise<Buffer> {
  const store = await startProxy(
    Array.from({ length: SNAPS }, (_, n) => heldSnap(n)),
    NO_UPSTREAM,
  );
  try {
    return await ask(store.url, body);
  } finally {
    await store.stop();
  }
}

async function ask(url: string, body: string): Promise<Buffer> {
  const response = await fetch(`${url}/v2/snaps/refresh`, { method: 'POST', headers: DEVICE_HEADERS, body });
  const bytes = Buffer.from(await response.arrayBuffer());
  if (response.status !== 200) throw new Error(`status ${response.status}: ${bytes.toString()}`);
  return bytes;
}

/** @throws Error unless the proxy answers as upstream does, with addresses of its own */
async function checkRelayed(proxy: string, upstream: string, body: string): Promise<void> {
  const revisions = async (url: string): Promise<string> => {
    const { results } = JSON.parse((await ask(url, body)).toString()) as {
      results: { snap: { revision: number; download: { url: string } } }[];
    };
    const ours = results.filter(({ snap }) => snap.download.url.startsWith(`${proxy}/download/`)).length;
    return JSON.stringify([url === proxy ? ours : SNAPS, results.map(({ snap }) => snap.revision)]);
  };
  const [relayed, direct] = [await revisions(proxy), await revisions(upstream)];
  if (relayed !== direct) throw new Error(`the proxy relays ${relayed}, upstream says ${direct}`);
}

async function measure(
  proxy: string,
  upstream: string,
  body: string,
  say: (line: string) => void,
): Promise<Measured> {
  for (const url of [proxy, upstream]) await medianMs(url, body);
  const rounds: { through: number; past: number }[] = [];
  for (let n = 1; n <= ROUNDS; n++) {
    const through = await medianMs(proxy, body);
    const past = await medianMs(upstream, body);
    rounds.push({ through, past });
    say(`round ${n}: through the proxy ${rounded(through)} ms, past it ${rounded(past)} ms`);
  }
  const added = rounded(median(rounds.map(({ through, past }) => through - past)));
  return {
    table: [
      ['', 'median, ms'],
      ['through the proxy', rounded(median(rounds.map(({ through }) => through)))],
      ['past it', rounded(median(rounds.map(({ past }) => past)))],
      ['added', added],
    ],
    figures: { added_ms: added },
  };
}

async function medianMs(url: string, body: string): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < QUESTIONS; n++) {
    const since = performance.now();
    await ask(url, body);
    times.push(performance.now() - since);
  }
  return median(times);
}
