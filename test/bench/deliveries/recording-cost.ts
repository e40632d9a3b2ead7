import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { NodeFolder } from '#fleet/node/node-folder';
import { DeviceSessions } from '#serving/published';
import { median, rounded } from '../bench.js';
import { heldSnap, refreshRequest } from '../serving/installed-snaps.js';
import { load, requestBytes, type Shot } from '../serving/load.js';
import { OBEYED, PROXY_KEY, startProxy } from '../serving/proxy-on-disk.js';
import type { Child } from '../serving/child.js';
import { startTakingControl } from './taking-control.js';

const SNAPS = 20;
const CONNECTIONS = 8;
const ROUNDS = 31;
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

/**
 * The same refreshes, of devices that each ask once within the hour, so that every offer is recorded: asked of a proxy that is a node, and of one
 * that is none, in turn. What is compared is the processor time that the proxy takes for an answer: recording and handing over are in it, what takes
 * the records is not.
 */
export async function recordingCosts(say: (line: string) => void): Promise<RecordingCosts> {
  const snaps = Array.from({ length: SNAPS }, (_, n) => heldSnap(n));
  const nodeDir = await mkdtemp(path.join(tmpdir(), 'holdfast-bench-node-'));
  const control = await startTakingControl();
  try {
    await new NodeFolder(nodeDir).enrolled({ node: 'bench', ...OBEYED });
    const settings = { HOLDFAST_NODE_DIR: nodeDir, HOLDFAST_CONTROL_URL: control.url };
    const proxies = [await startProxy(snaps, NOWHERE), await startProxy(snaps, NOWHERE, settings)] as const;
    try {
      return {
        usual: await compare(...proxies, 1, say),
        atWorst: await compare(...proxies, SNAPS, say),
      };
    } finally {
      for (const proxy of proxies) await proxy.stop();
    }
  } finally {
    say(`${control.taken()} records were handed over`);
    await control.close();
    await rm(nodeDir, { recursive: true, force: true });
  }
}

async function compare(
  plain: Child,
  recording: Child,
  updates: number,
  say: (line: string) => void,
): Promise<RecordingCost> {
  const [without, within] = [refreshes(plain.url, updates), refreshes(recording.url, updates)];
  for (const each of [without, within]) await load(each, CONNECTIONS, WARM_MS);
  const rounds: { plainMs: number; recordingMs: number; percent: number }[] = [];
  for (let n = 1; n <= ROUNDS; n++) {
    const plainMs = await cpuOfAnAnswer(plain, without);
    const recordingMs = await cpuOfAnAnswer(recording, within);
    const percent = (recordingMs / plainMs - 1) * 100;
    rounds.push({ plainMs, recordingMs, percent });
    say(
      `${updates} of ${SNAPS}, round ${n}: an answer takes ${rounded(plainMs)} ms, recorded ${rounded(recordingMs)} ms: ${rounded(percent)} % more`,
    );
  }
  const of = (figure: keyof RecordingCost): number => rounded(median(rounds.map((round) => round[figure])));
  return { plainMs: of('plainMs'), recordingMs: of('recordingMs'), percent: of('percent') };
}

/** Milliseconds of processor time. */
async function cpuOfAnAnswer(proxy: Child, shot: Shot): Promise<number> {
  const before = proxy.cpu();
  const { answers } = await load(shot, CONNECTIONS, ROUND_MS);
  return ((proxy.cpu() - before) * 1_000) / answers;
}

/** Each of another device, with a session that the proxy has opened; devices that are not up to date lack `updates` revisions. */
function refreshes(url: string, updates: number): Shot {
  const sessions = new DeviceSessions(Buffer.from(PROXY_KEY, 'hex'));
  const snaps = Array.from({ length: SNAPS }, (_, n) => heldSnap(n));
  const held = snaps.map((snap) => ({ ...snap, version: String(Number(snap.version) + 1) }));
  const upToDate = refreshRequest(held);
  const old = refreshRequest([...snaps.slice(0, updates), ...held.slice(updates)]);
  let device = 0;
  const request = (): Buffer => {
    device++;
    const identity = { brand: 'bench', model: 'instrument', serial: `serial-${updates}-${device}` };
    const session = sessions.seal({ ...identity, upstream: 'of upstream' }, Date.now());
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json',
      'snap-device-architecture': 'amd64',
      'snap-device-series': '16',
      'snap-device-authorization': `Macaroon root="${session}"`,
    };
    return requestBytes(
      `${url}/v2/snaps/refresh`,
      'POST',
      headers,
      device % UPDATE_EVERY === 0 ? old : upToDate,
    );
  };
  return { port: Number(new URL(url).port), request };
}
