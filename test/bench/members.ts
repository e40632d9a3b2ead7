import type { MembershipDocument } from '#release-control/published';
import { median, rounded, type Bench, type Measured } from './bench.js';
import { Answering, CONNECTIONS } from './serving/answering.js';
import type { Child } from './serving/child.js';
import { DEVICE_HEADERS, headersOf } from './serving/device-headers.js';
import { heldSnap, refreshRequest } from './serving/installed-snaps.js';
import { load, requestBytes, type Shot } from './serving/load.js';
import { NO_UPSTREAM, startProxy } from './serving/proxy-on-disk.js';

const SNAPS = 20;
const LISTS = 5;
const LISTED = 20_000;
/** Of processes: how one and the same program was compiled as it ran makes a difference of some percent. */
const PAIRS = 5;
/** Short ones: both must see the same machine. */
const ROUNDS = 30;
const ROUND_MS = 200;
const WARM_MS = 2_000;

export const bench: Bench = {
  name: 'members',
  about: `A refresh of ${SNAPS} installed snaps, all held, by devices with sessions, of a proxy whose devices are in its ring by ${LISTS} lists of ${LISTED} each, and of one without rules; ${CONNECTIONS} connections, ${PAIRS} pairs of proxies, ${ROUNDS} rounds in turn.`,
  marks: [
    { figure: 'added_us', atMost: 100 },
    { figure: 'ratio', atLeast: 0.85 },
  ],
  async run(say) {
    const pairs: Compared[] = [];
    for (let pair = 1; pair <= PAIRS; pair++) {
      const compared = await withProxies(comparePair);
      pairs.push(compared);
      say(
        `pair ${pair}: an answer takes ${rounded(compared.without.ms)} ms of the processor, by lists ${rounded(compared.by.ms)} ms; ${rounded(compared.by.perSecond / compared.without.perSecond)} as many a second`,
      );
    }
    return measured(pairs);
  },
};

interface Side {
  /** Of the processor, for an answer. */
  readonly ms: number;
  readonly perSecond: number;
  readonly rssMb: number;
}

interface Compared {
  readonly by: Side;
  readonly without: Side;
}

const serialOf = (list: number, n: number): string => `serial-${list}-${String(n).padStart(6, '0')}`;

/** Every device that asks is in the proxy's own ring by a list. */
function members(): Pick<MembershipDocument, 'rules' | 'lists'> {
  const lists = Array.from({ length: LISTS }, (_, list) => ({
    list: `line-${list}`,
    version: 1,
    devices: Array.from({ length: LISTED }, (__, n) => `bench/instrument/${serialOf(list, n)}`),
  }));
  const rules = lists.map(({ list, version, devices }) => {
    const pinned = { of: 'list', list, version, digest: 'ab'.repeat(32), count: devices.length } as const;
    return { ...pinned, ring: 'default', name: `list ${list}` };
  });
  return { rules, lists };
}

async function withProxies(use: (by: Child, without: Child) => Promise<Compared>): Promise<Compared> {
  const snaps = Array.from({ length: SNAPS }, (_, n) => heldSnap(n));
  const by = await startProxy(snaps, NO_UPSTREAM, {}, members());
  try {
    const without = await startProxy(snaps, NO_UPSTREAM);
    try {
      return await use(by, without);
    } finally {
      await without.stop();
    }
  } finally {
    await by.stop();
  }
}

async function comparePair(by: Child, without: Child): Promise<Compared> {
  await requireRules(by, without);
  const sides = [
    new Answering(by, refreshes(by.url)),
    new Answering(without, refreshes(without.url)),
  ] as const;
  for (const { shot } of sides) await load(shot, CONNECTIONS, WARM_MS);
  for (let n = 0; n < ROUNDS; n++) {
    // Who goes first alternates.
    for (const each of n % 2 === 0 ? sides : sides.toReversed()) await each.forMs(ROUND_MS);
  }
  const [ours, theirs] = sides;
  return { by: sideOf(ours, by), without: sideOf(theirs, without) };
}

/** Only a proxy with rules asks who wants to know before it looks at what is asked for, here at what is no snap's name. @throws Error unless that is so of the one, and not of the other */
async function requireRules(by: Child, without: Child): Promise<void> {
  const statusOf = async ({ url }: Child): Promise<number> => {
    const headers = { ...DEVICE_HEADERS, 'snap-device-authorization': 'Macaroon root="s.of-nobody"' };
    return (await fetch(`${url}/v2/snaps/info/NO-SNAP`, { headers })).status;
  };
  const [asked, told] = [await statusOf(by), await statusOf(without)];
  if (asked !== 401 || told !== 404)
    throw new Error(`the proxy with rules answers ${asked} to nobody, the other one ${told}`);
}

function sideOf({ processorMs, msOfAnAnswer }: Answering, proxy: Child): Side {
  return { ms: processorMs, perSecond: 1_000 / msOfAnAnswer, rssMb: proxy.rss() / 1024 ** 2 };
}

/** Each of the next device, of each list in turn. */
function refreshes(url: string): Shot {
  const body = refreshRequest(Array.from({ length: SNAPS }, (_, n) => heldSnap(n)));
  let asked = 0;
  const request = (): Buffer => {
    const serial = serialOf(asked % LISTS, Math.floor(asked / LISTS) % LISTED);
    asked++;
    return requestBytes(`${url}/v2/snaps/refresh`, 'POST', headersOf(serial), body);
  };
  return { port: Number(new URL(url).port), request };
}

function measured(pairs: readonly Compared[]): Measured {
  const of = (figure: (pair: Compared) => number): number => rounded(median(pairs.map(figure)));
  const added = of(({ by, without }) => (by.ms - without.ms) * 1_000);
  const ratio = of(({ by, without }) => by.perSecond / without.perSecond);
  return {
    table: [
      ['', 'ms of the processor', 'answers/s', 'memory, MB'],
      ...(['by', 'without'] as const).map((side) => [
        side === 'by' ? `by ${LISTS} lists of ${LISTED}` : 'without rules',
        of((pair) => pair[side].ms),
        of((pair) => pair[side].perSecond),
        of((pair) => pair[side].rssMb),
      ]),
      ['added, µs', added],
      ['ratio', '', ratio],
    ],
    figures: { added_us: added, ratio },
  };
}
