import { median, rounded } from '../bench.js';
import { headersOf } from '../serving/device-headers.js';
import { heldSnap, refreshRequest } from '../serving/installed-snaps.js';
import { load, requestBytes, type Shot } from '../serving/load.js';
import { startProxy } from '../serving/proxy-on-disk.js';
import { startNode } from '../serving/node-on-disk.js';
import type { Child } from '../serving/child.js';
import { startTakingControl } from '../serving/taking-control.js';

const SNAPS = 20;
const CONNECTIONS = 8;
/** Of processes: how one and the same program was compiled as it ran makes a difference of some percent. */
const PAIRS = 4;
const ROUNDS = 9;
const ROUND_MS = 1_000;
const WARM_MS = 3_000;
/** Of the devices, one in so many has something older than what is held. */
const UPDATE_EVERY = 4;
/** Nobody listens there: all is held. */
const NOWHERE = 'http://127.0.0.1:9/';

export interface RecordingCost {
  /** Processor time of an answer, in milliseconds: of a proxy that is no node, and of one that records and hands over. */
  readonly plainMs: number;
  readonly recordingMs: number;
  /** What recording adds, in percent: the median of the rounds. */
  readonly percent: number;
}

export interface RecordingCosts {
  /** Of the devices with updates, each has one. */
  readonly usual: RecordingCost;
  /** Each has an update of every snap. */
  readonly atWorst: RecordingCost;
}

interface Round {
  readonly plainMs: number;
  readonly recordingMs: number;
}

/**
 * The same refreshes, of devices that each ask once within the hour, so that every offer is recorded: asked of a proxy that is a node, and of one
 * that is none, in turn, of several pairs of them. What is compared is the processor time that the proxy takes for an answer: recording and handing
 * over are in it, what takes the records is not.
 */
export async function recordingCosts(say: (line: string) => void): Promise<RecordingCosts> {
  const control = await startTakingControl();
  const [usual, atWorst]: [Round[], Round[]] = [[], []];
  try {
    for (let pair = 1; pair <= PAIRS; pair++) {
      await withProxies(control.url, async (plain, recording) => {
        usual.push(...(await compare(plain, recording, 1, say)));
        atWorst.push(...(await compare(plain, recording, SNAPS, say)));
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
    const plain = await startProxy(snaps, NOWHERE);
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
): Promise<readonly Round[]> {
  const [without, within] = [refreshes(plain.url, updates), refreshes(recording.url, updates)];
  for (const each of [without, within]) await load(each, CONNECTIONS, WARM_MS);
  const rounds: Round[] = [];
  for (let n = 1; n <= ROUNDS; n++) {
    // Who goes first alternates.
    const first = n % 2 === 0 ? await cpuOfAnAnswer(recording, within) : undefined;
    const plainMs = await cpuOfAnAnswer(plain, without);
    const recordingMs = first ?? (await cpuOfAnAnswer(recording, within));
    const round = { plainMs, recordingMs };
    rounds.push(round);
    say(
      `${updates} of ${SNAPS}, round ${n}: an answer takes ${rounded(plainMs)} ms, recorded ${rounded(recordingMs)} ms: ${rounded(percentOf(round))} % more`,
    );
  }
  return rounds;
}

function costOf(rounds: readonly Round[]): RecordingCost {
  const of = (figure: (round: Round) => number): number => rounded(median(rounds.map(figure)));
  return {
    plainMs: of(({ plainMs }) => plainMs),
    recordingMs: of(({ recordingMs }) => recordingMs),
    percent: of(percentOf),
  };
}

function percentOf({ plainMs, recordingMs }: Round): number {
  return (recordingMs / plainMs - 1) * 100;
}

/** Milliseconds of processor time. */
async function cpuOfAnAnswer(proxy: Child, shot: Shot): Promise<number> {
  const before = proxy.cpu();
  const { answers } = await load(shot, CONNECTIONS, ROUND_MS);
  return ((proxy.cpu() - before) * 1_000) / answers;
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
