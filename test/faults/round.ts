import { setTimeout as delay } from 'node:timers/promises';
import { Chance } from './chance.js';
import { compareCaptures } from './comparison/captures.js';
import { compareCommands } from './comparison/commands.js';
import { compareObeyed } from './comparison/offers.js';
import { compareReactions, policyMoves } from './comparison/requests.js';
import { Findings } from './findings.js';
import { leavesProxyAlone, type Kind } from './kinds.js';
import { compareNoticed, zero, type DeviceCounts } from './load/devices.js';
import type { Entry } from './load/record.js';
import { untilMoment } from './moments.js';
import { untilAlone, untilBack, untilSettled } from './settle.js';
import type { Stage } from './stage.js';
import { prepareStrike } from './strike.js';

export interface RoundReport {
  readonly kind: Kind;
  readonly seed: number;
  /** How far into the moment the fault came. */
  readonly intoMs: number;
  /** From the fault's end until a new change went all the way to a device. */
  readonly backMs: number;
  readonly events: number;
  readonly newEvents: number;
  readonly outcomes: Readonly<Record<Entry['outcome']['kind'], number>>;
  readonly devices: DeviceCounts;
  /** How often the proxy saw through what upstream tampered with. */
  readonly mismatches: number;
  readonly findings: readonly string[];
}

/** Load, one fault in the middle of it, the way back, and the comparison. Never rejects: what goes wrong is a finding. */
export async function playRound(round: number, kind: Kind, seed: number, stage: Stage): Promise<RoundReport> {
  const { board, devices, history, record, site } = stage;
  const findings = new Findings();
  const before = { events: history.events.length, entries: record.entries.length };
  board.round = round;
  devices.counts = zero();
  site.log.mismatches = 0;
  let [intoMs, backMs] = [0, 0];
  try {
    ({ intoMs, backMs } = await fault(kind, new Chance(seed), stage, findings));
    await compare(stage, findings);
  } catch (error) {
    findings.add(error instanceof Error ? error.message : String(error));
  }
  if (leavesProxyAlone(kind)) {
    const { tampered } = devices.counts;
    compareNoticed(devices.counts, findings);
    findings.expect(
      tampered === 0 || site.log.mismatches > 0,
      `devices asked ${tampered} times for what upstream tampers with, and the proxy never said so`,
    );
  }
  for (const line of site.log.takeAlarms()) findings.add(`the log of the site: ${line}`);
  return {
    kind,
    seed,
    intoMs,
    backMs,
    events: history.events.length,
    newEvents: history.events.length - before.events,
    outcomes: counted(record.entries.slice(before.entries)),
    devices: devices.counts,
    mismatches: site.log.mismatches,
    findings: findings.all,
  };
}

async function fault(
  kind: Kind,
  chance: Chance,
  stage: Stage,
  findings: Findings,
): Promise<{ intoMs: number; backMs: number }> {
  const { site, writers, devices, ledger } = stage;
  const stop = new AbortController();
  const unwatch = ledger.watch(findings);
  const load = Promise.all([
    writers.run(stop.signal, new Chance(chance.below(2 ** 31))),
    devices.run(stop.signal, new Chance(chance.below(2 ** 31)), findings),
  ]);
  try {
    await delay(chance.below(500));
    const strike = await prepareStrike(kind, stage, chance, findings);
    const intoMs = await untilMoment(kind.moment, stage, chance);
    await strike();
    const since = performance.now();
    await untilBack(since, site, writers, devices);
    return { intoMs, backMs: performance.now() - since };
  } finally {
    stop.abort();
    await load;
    unwatch();
  }
}

async function compare(stage: Stage, findings: Findings): Promise<void> {
  const { attachments, board, devices, history, kept, ledger, offers, record, shown, site } = stage;
  await untilAlone(site);
  const all = await untilSettled(site, history, ledger, findings);
  compareCommands(record.entries, history.events, findings);
  compareReactions(history, all, findings);
  compareCaptures(history, findings);
  const readOn = async (): Promise<void> => history.readOn(await site.ownerUrl(), findings);
  await ledger.compare(history, findings, readOn);
  await ledger.compareDatabase(await site.ownerUrl(), findings);
  const verified = await site.host('projections', 'verify');
  findings.expect(
    verified.code === 0,
    `holdfast projections verify ended with ${verified.code}: ${verified.printed}`,
  );
  const token = await board.token('ana');
  await shown.compare(history, all, token, findings, readOn);
  await attachments.compare(history, token, findings);
  const moves = policyMoves(history);
  const ofDevices = moves.filter(({ ring }) => ring === 'default');
  offers.compare(devices.observations.splice(0), ofDevices, findings);
  compareObeyed(site.log.obeyed, findings);
  await kept.compare(moves, findings);
}

function counted(entries: readonly Entry[]): RoundReport['outcomes'] {
  const counts = { acknowledged: 0, refused: 0, unknown: 0 };
  for (const { outcome } of entries) counts[outcome.kind] += 1;
  return counts;
}
