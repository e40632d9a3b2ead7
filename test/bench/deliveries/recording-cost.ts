import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { median, rounded } from '../bench.js';
import { Answering, CONNECTIONS } from '../serving/answering.js';
import { headersOf } from '../serving/device-headers.js';
import { heldSnap, refreshRequest } from '../serving/installed-snaps.js';
import { load, requestBytes, type Shot } from '../serving/load.js';
import { startNode } from '../serving/node-on-disk.js';
import type { Child } from '../serving/child.js';
import { startTakingControl, type TakingControl } from '../serving/taking-control.js';

const SWITCH = pathToFileURL(path.join(import.meta.dirname, 'switched-recorder.js')).href;
const SNAPS = 20;
const PROCESSES = 7;
/** Of them, those that are asked for the worst. */
const AT_WORST = 3;
/** Short ones: both must see the same machine, whose speed changes by a quarter from one second to the next. */
const ROUNDS = 60;
const ROUND_MS = 200;
const WARM_MS = 5_000;
/** Of the devices, one in so many has something older than what is held. */
const UPDATE_EVERY = 4;
/** Of what was recorded: the last segment rests until it is handed over. */
const HANDED_OVER_SHARE = 0.8;

export interface RecordingCost {
  /** Processor time of an answer, in milliseconds: one that is not recorded, and one that is, with the handing over. */
  readonly plainMs: number;
  readonly recordingMs: number;
  /** What recording adds to that, in percent. */
  readonly percent: number;
  /** What it adds to the time in which an answer is given, in percent. */
  readonly longerPercent: number;
}

export interface RecordingCosts {
  /** Of the devices with updates, each has one. */
  readonly usual: RecordingCost;
  /** Each has an update of every snap. */
  readonly atWorst: RecordingCost;
}

/**
 * The same refreshes, of devices that each ask once within the hour, so that every offer is recorded: asked of one process while it records and while it does
 * not, in turn. Two processes of one program differ by more than what is measured. What is compared is the processor time that the proxy takes for an answer;
 * what the handing over takes for a record is measured afterwards, and is in it; what takes the records is not.
 */
export async function recordingCosts(say: (line: string) => void): Promise<RecordingCosts> {
  const control = await startTakingControl();
  const [usual, atWorst]: [RecordingCost[], RecordingCost[]] = [[], []];
  try {
    for (let process = 1; process <= PROCESSES; process++) usual.push(await costOf(control, 1, say));
    for (let process = 1; process <= AT_WORST; process++) atWorst.push(await costOf(control, SNAPS, say));
    return { usual: middle(usual), atWorst: middle(atWorst) };
  } finally {
    say(`${control.taken()} records were handed over`);
    await control.close();
  }
}

/** @param updates revisions that a device which is not up to date lacks */
async function costOf(
  control: TakingControl,
  updates: number,
  say: (line: string) => void,
): Promise<RecordingCost> {
  const snaps = Array.from({ length: SNAPS }, (_, n) => heldSnap(n));
  const proxy = await startNode(snaps, control.url, `--import=${SWITCH}`);
  try {
    const shot = refreshes(proxy.url, updates);
    const [plain, recorded] = [new Answering(proxy, shot), new Answering(proxy, shot)];
    await load(shot, CONNECTIONS, WARM_MS);
    control.letWait();
    const before = control.taken();
    for (let n = 0; n < ROUNDS; n++) {
      // Who goes first alternates.
      for (const recording of n % 2 === 0 ? [false, true] : [true, false]) {
        await proxy.tell(recording ? 'record' : 'pass over');
        await (recording ? recorded : plain).forMs(ROUND_MS);
      }
    }
    const recordsOfAnswer = updates / UPDATE_EVERY;
    const upTo = before + recorded.count * recordsOfAnswer * HANDED_OVER_SHARE;
    const handingOverMs = await processorMsOfHandingOver(proxy, control, upTo);
    const recordingMs = recorded.processorMs + handingOverMs * recordsOfAnswer;
    const percent = (recordingMs / plain.processorMs - 1) * 100;
    const longerPercent = (recorded.msOfAnAnswer / plain.msOfAnAnswer - 1) * 100;
    say(
      `${updates} of ${SNAPS}: an answer takes ${rounded(plain.processorMs)} ms of the processor, recorded ${rounded(recordingMs)} ms (of it, handing over ${rounded(handingOverMs * recordsOfAnswer * 1_000)} µs): ${rounded(percent)} % more, and ${rounded(longerPercent)} % longer`,
    );
    return { plainMs: plain.processorMs, recordingMs, percent, longerPercent };
  } finally {
    await proxy.stop();
  }
}

/** Of a record, in milliseconds: of all that waits, while no device asks. */
async function processorMsOfHandingOver(proxy: Child, control: TakingControl, upTo: number): Promise<number> {
  const waiting = control.taken();
  control.answer();
  // Of the first batch a part was done before.
  await untilTaken(control, waiting + 1);
  const [processorBefore, takenBefore] = [proxy.cpu(), control.taken()];
  await untilTaken(control, upTo);
  return ((proxy.cpu() - processorBefore) * 1_000) / (control.taken() - takenBefore);
}

async function untilTaken(control: TakingControl, records: number): Promise<void> {
  while (control.taken() < records) await pause(1);
}

/** The middle one of the processes. */
function middle(processes: readonly RecordingCost[]): RecordingCost {
  const of = (figure: keyof RecordingCost): number => rounded(median(processes.map((each) => each[figure])));
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
