import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { median, rounded, type Bench, type Measured } from './bench.js';
import { startChild } from './serving/child.js';
import { DEVICE_HEADERS } from './serving/device-headers.js';
import { heldSnap, refreshRequest } from './serving/installed-snaps.js';
import { load, shot, type Shot } from './serving/load.js';
import { NO_UPSTREAM, startProxy } from './serving/proxy-on-disk.js';

const SNAPS = 20;
const CONNECTIONS = 8;
const ROUNDS = 7;
const ROUND_MS = 2_000;

export const bench: Bench = {
  name: 'refresh',
  about: `A refresh of ${SNAPS} installed snaps, all held by overrides, against a bare Fastify route that sends the same bytes; ${CONNECTIONS} connections, ${ROUNDS} rounds in turn.`,
  marks: [{ figure: 'ratio', atLeast: 0.3 }],
  async run(say) {
    const snaps = Array.from({ length: SNAPS }, (_, n) => heldSnap(n));
    const body = refreshRequest(snaps);
    const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-bench-'));
    const proxy = await startProxy(snaps, NO_UPSTREAM);
    try {
      const file = path.join(folder, 'answer.json');
      await writeFile(file, await answerOf(proxy.url, body));
      const bare = await startChild('test/bench/serving/bare-route.js', {}, [file]);
      try {
        return await measure(shotAt(proxy.url, body), shotAt(bare.url, body), say);
      } finally {
        await bare.stop();
      }
    } finally {
      await proxy.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

function shotAt(url: string, body: string): Shot {
  return shot(`${url}/v2/snaps/refresh`, 'POST', DEVICE_HEADERS, body);
}

/** @throws Error unless all snaps are answered with the revision that is held */
async function answerOf(url: string, body: string): Promise<Buffer> {
  const response = await fetch(`${url}/v2/snaps/refresh`, { method: 'POST', headers: DEVICE_HEADERS, body });
  const bytes = Buffer.from(await response.arrayBuffer());
  const { results } = JSON.parse(bytes.toString()) as { results: { snap?: { revision: number } }[] };
  const held = results.filter(({ snap }, n) => snap?.revision === 100 + n);
  if (held.length !== SNAPS)
    throw new Error(`the proxy does not answer with what is held: ${bytes.toString()}`);
  return bytes;
}

async function measure(proxy: Shot, bare: Shot, say: (line: string) => void): Promise<Measured> {
  for (const each of [proxy, bare]) await load(each, CONNECTIONS, ROUND_MS);
  const rounds: { ours: number; theirs: number }[] = [];
  for (let n = 1; n <= ROUNDS; n++) {
    const ours = await perSecond(proxy);
    const theirs = await perSecond(bare);
    rounds.push({ ours, theirs });
    say(
      `round ${n}: proxy ${Math.round(ours)}/s, bare route ${Math.round(theirs)}/s, ratio ${rounded(ours / theirs)}`,
    );
  }
  const ratio = rounded(median(rounds.map(({ ours, theirs }) => ours / theirs)));
  return {
    table: [
      ['', 'answers/s'],
      ['proxy', Math.round(median(rounds.map(({ ours }) => ours)))],
      ['bare Fastify route', Math.round(median(rounds.map(({ theirs }) => theirs)))],
      ['ratio', ratio],
    ],
    figures: { ratio },
  };
}

async function perSecond(at: Shot): Promise<number> {
  const { answers, seconds } = await load(at, CONNECTIONS, ROUND_MS);
  return answers / seconds;
}
