import { median, rounded } from '../bench.js';
import { Answering, CONNECTIONS } from '../serving/answering.js';
import { headersOf } from '../serving/device-headers.js';
import { heldSnap, refreshRequest } from '../serving/installed-snaps.js';
import { load, requestBytes, type Shot } from '../serving/load.js';
import { NO_UPSTREAM, startProxy } from '../serving/proxy-on-disk.js';
import { startNode } from '../serving/node-on-disk.js';
import type { Child } from '../serving/child.js';
import { startTakingControl } from '../serving/taking-control.js';

const SNAPS = 20;
/** Of processes: how one and the same program was compiled as it ran makes a difference of some percent. */
const PAIRS = 9;
/** Of them, those that are asked for the worst as well. */
const PAIRS_AT_WORST = 3;
/** Short ones: both must see the same machine, whose speed changes by a quarter from one second to the next. */
const ROUNDS = 40;
const ROUND_MS = 200;
const WARM_MS = 3_000;
/** Of the devices, one in so many has something older than what is held. */
const UPDATE_EVERY = 4;

export interface RecordingCost {
  /** Processor time of an answer, in milliseconds: of a proxy that is no node, and of one that records and hands over. */
  readonly plainMs: number;
  readonly recordingMs: number;
  /** What recording adds to that, in percent. */
  readonly percent: number;
  /** What it adds to the time in which an answer is given, in percent: the handing over, which no answer waits for, takes part in it as far as it takes the processor from them. */
  readonly longerPercent: number;
}

export interface RecordingCosts {
  /** Of the devices with updates, each has one. */
  readonly usual: RecordingCost;
  /** Each has an update of every snap. */
  readonly atWorst: RecordingCost;
}

/**
 * The same refreshes, of devices that each ask once within the hour, so that every offer is recorded: asked of a proxy that is a node, and of one
 * that is none, in turn, of several pairs of them. What is compared is the processor time that the proxy takes for an answer: recording and handing
 * over are in it, what takes the records is not.
 */
export async function recordingCosts(say: (line: string) => void): Promise<RecordingCosts> {
  const control = await startTakingControl();
  const [usual, atWorst]: [RecordingCost[], RecordingCost[]] = [[], []];
  try {
    for (let pair = 1; pair <= PAIRS; pair++) {
      await withProxies(control.url, async (plain, recording) => {
        usual.push(await compare(plain, recording, 1, say));
        if (pair <= PAIRS_AT_WORST) atWorst.push(await compare(plain, recording, SNAPS, say));
      });
    }
    return { usual: costOf(usual), atWorst: costOf(atWorst) };
  } finally {
    say(`${control.taken()} records were handed over`);
    await control.close();
  }
}

async function withProxies(
  controlUrl: string,
  use: (plain: Child, recording: Child) => Promise<void>,
): Promise<void> {
  const snaps = Array.from({ length: SNAPS }, (_, n) => heldSnap(n));
  const running: Child[] = [];
  try {
    const plain = await startProxy(snaps, NO_UPSTREAM);
    running.push(plain);
    const recording = await startNode(snaps, controlUrl);
    running.push(recording);
    await use(plain, recording);
  } finally {
    for (const proxy of running) await proxy.stop();
  }
}

async function compare(
  plain: Child,
  recording: Child,
  updates: number,
  say: (line: string) => void,
): Promise<RecordingCost> {
  const [without, within] = [
    new Answering(plain, refreshes(plain.url, updates)),
    new Answering(recording, refreshes(recording.url, updates)),
  ];
  for (const { shot } of [without, within]) await load(shot, CONNECTIONS, WARM_MS);
  for (let n = 0; n < ROUNDS; n++) {
    // Who goes first alternates.
    for (const each of n % 2 === 0 ? [without, within] : [within, without]) await each.forMs(ROUND_MS);
  }
  const [plainMs, recordingMs] = [without.processorMs, within.processorMs];
  const percent = (recordingMs / plainMs - 1) * 100;
  const longerPercent = (within.msOfAnAnswer / without.msOfAnAnswer - 1) * 100;
  say(
    `${updates} of ${SNAPS}: an answer takes ${rounded(plainMs)} ms of the processor, recorded ${rounded(recordingMs)} ms: ${rounded(percent)} % more, and ${rounded(longerPercent)} % longer`,
  );
  return { plainMs, recordingMs, percent, longerPercent };
}

/** The middle one of the pairs. */
function costOf(pairs: readonly RecordingCost[]): RecordingCost {
  const of = (figure: keyof RecordingCost): number => rounded(median(pairs.map((pair) => pair[figure])));
  return {
    plainMs: of('plainMs'),
    recordingMs: of('recordingMs'),
    percent: of('percent'),
    longerPercent: of('longerPercent'),
  };
}

/** Each of another device, with a session that the proxy has opened; devices that are not up to date lack `updates` revisions. */
function refreshes(url: string, updates: number): Shot {
  const snaps = Array.from({ length: SNAPS }, (_, n) => heldSnap(n));
  const held = snaps.map((snap) => ({ ...snap, version: String(Number(snap.version) + 1) }));
  const upToDate = refreshRequest(held);
  const old = refreshRequest([...snaps.slice(0, updates), ...held.slice(updates)]);
  let device = 0;
  const request = (): Buffer => {
    device++;
    const headers = headersOf(`serial-${updates}-${device}`);
    return requestBytes(
      `${url}/v2/snaps/refresh`,
      'POST',
      headers,
      device % UPDATE_EVERY === 0 ? old : upToDate,
    );
  };
  return { port: Number(new URL(url).port), request };
}
