import type { Arguments } from './arguments.js';
import { Chance } from './chance.js';
import type { Kind } from './kinds.js';
import { playRound, type RoundReport } from './round.js';
import { setStage } from './stage.js';

/** Plays the rounds on one site; ends with the first that found something. @returns whether all were played, and none did */
export async function loop(
  { awayMs, kinds, keep, rounds, seed }: Arguments,
  say: (line: string) => void,
  interrupted: AbortSignal,
): Promise<boolean> {
  const smallDisks = kinds.some(({ fault }) => fault === 'full');
  const stage = await setStage({ seed, smallDisks, awayMs });
  say(`${kinds.length} kinds of fault, ${rounds} rounds, seed ${seed}; everything is in ${stage.folder}`);
  const chance = new Chance(seed);
  const reports: RoundReport[] = [];
  let deck: Kind[] = [];
  let sound = true;
  try {
    for (let round = 1; round <= rounds && sound && !interrupted.aborted; round++) {
      // Each kind once before any comes a second time.
      if (deck.length === 0) deck = chance.shuffled(kinds);
      const kind = deck.pop();
      if (kind === undefined) break;
      const report = await playRound(round, kind, rounds === 1 ? seed : chance.below(2 ** 31), stage);
      reports.push(report);
      say(lineOf(round, report));
      for (const finding of report.findings) say(`  FOUND ${finding}`);
      sound = report.findings.length === 0;
      if (!sound) say(`  again: npm run faults -- --rounds 1 --seed ${report.seed} --only ${kind.name}`);
    }
  } finally {
    await stage.strike(keep || !sound);
  }
  for (const line of summary(reports, stage.site.starts)) say(line);
  if (interrupted.aborted) say(`interrupted after ${reports.length} of ${rounds} rounds`);
  if (!sound || keep) say(`kept for whoever looks into it: ${stage.folder} (site.log, record.jsonl, home)`);
  return sound && !interrupted.aborted;
}

function lineOf(round: number, report: RoundReport): string {
  const { kind, seed, intoMs, backMs, events, newEvents, outcomes, devices, findings } = report;
  return [
    String(round).padStart(4),
    `seed ${String(seed).padEnd(10)}`,
    `${kind.name.padEnd(25)} +${String(intoMs).padStart(2)} ms`,
    `back in ${seconds(backMs)}`,
    `${events} events (+${newEvents})`,
    `commands ${outcomes.acknowledged} ok, ${outcomes.refused} refused, ${outcomes.unknown} unknown`,
    `devices ${devices.asked} asked (${devices.unanswered} unanswered), ${devices.downloads} downloads (${devices.cut} cut), ${megabytes(devices.bytes)}`,
    findings.length === 0 ? 'ok' : `${findings.length} FOUND`,
  ].join('  ');
}

function summary(reports: readonly RoundReport[], starts: number): string[] {
  const sum = (count: (report: RoundReport) => number): number =>
    reports.reduce((total, report) => total + count(report), 0);
  const back = reports.map(({ backMs }) => backMs).toSorted((a, b) => a - b);
  return [
    '',
    `${reports.length} rounds, ${new Set(reports.map(({ kind }) => kind.name)).size} kinds of fault, ${starts} starts of the supervisor`,
    `back in ${seconds(back[back.length >> 1] ?? 0)} (median), ${seconds(back.at(-1) ?? 0)} (longest)`,
    `commands: ${sum(({ outcomes }) => outcomes.acknowledged)} acknowledged, ${sum(({ outcomes }) => outcomes.refused)} refused, ${sum(({ outcomes }) => outcomes.unknown)} of unknown outcome`,
    `events compared: ${reports.at(-1)?.events ?? 0}`,
    `devices: ${sum(({ devices }) => devices.asked)} asked, ${sum(({ devices }) => devices.downloads)} downloads, ${sum(({ devices }) => devices.cut)} cut off, ${megabytes(sum(({ devices }) => devices.bytes))} compared`,
    `tampered with by upstream: ${sum(({ devices }) => devices.tampered)} downloads, none to its end; the proxy said so ${sum(({ mismatches }) => mismatches)} times`,
    `findings: ${sum(({ findings }) => findings.length)}`,
  ];
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1).padStart(5)} s`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}
