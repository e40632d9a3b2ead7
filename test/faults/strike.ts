import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Chance } from './chance.js';
import { compareClock } from './comparison/clock.js';
import { Filler } from './disks/filler.js';
import { whileFull } from './disks/while-full.js';
import type { Findings } from './findings.js';
import type { Kind, Victim } from './kinds.js';
import { Stock } from './load/stock.js';
import { ask, download } from './load/store-client.js';
import { signal } from './site/processes.js';
import type { FaultySite } from './site/site.js';
import type { Stage } from './stage.js';
import { until } from './until.js';

type Pids = readonly (number | undefined)[];

const SERVERS = ['control', 'worker', 'projector', 'proxy'] as const;
const AWAY_MS = { least: 3_000, more: 9_000 };
/** Less than all that is bounded by the clock of the day lasts: sessions, download addresses. */
const SET_BACK_MS = { least: 60_000, more: 2 * 60 * 60_000 };
const SET_BACK_LASTS_MS = { least: 3_000, more: 5_000 };
/** From here on, commands cannot just have waited for its end. */
const LONG_AWAY_MS = 60_000;
const TAKEN_WITHIN_MS = 30_000;
const FROM_DISK_WITHIN_MS = 60_000;

/** A fault made ready: whom it hits was looked up before the moment, so that the moment is hit. */
export async function prepareStrike(
  kind: Kind,
  stage: Stage,
  chance: Chance,
  findings: Findings,
): Promise<() => Promise<void>> {
  const { site } = stage;
  switch (kind.fault) {
    case 'kill': {
      // The postmaster alone dies as an out-of-memory killer has it; all of them, as when the machine goes.
      const pids = await victims(kind.victim, site, chance.next() < 0.5);
      const port = await databasePort(site);
      return async () => {
        signal('SIGKILL', pids);
        if (kind.victim === 'proxy+postgres')
          await whileAway(site, port, servesFromDisk(site)).catch((error: unknown) =>
            findings.add(text(error)),
          );
      };
    }
    case 'away':
    case 'frozen': {
      const lasts = stage.awayMs ?? AWAY_MS.least + chance.below(AWAY_MS.more);
      const port = await databasePort(site);
      return async () => {
        const before = { entries: stage.record.entries.length, asked: stage.devices.counts.asked };
        await (kind.fault === 'away' ? whileAway(site, port, delay(lasts)) : whileFrozen(site, delay(lasts)));
        if (lasts >= LONG_AWAY_MS) compareAway(lasts, before, stage, findings);
      };
    }
    case 'clock': {
      const backMs = SET_BACK_MS.least + chance.below(SET_BACK_MS.more);
      const lasts = SET_BACK_LASTS_MS.least + chance.below(SET_BACK_LASTS_MS.more);
      return () => whileSetBack(backMs, delay(lasts), stage, findings);
    }
    case 'full':
      return async () => {
        const filler = new Filler(join(site.home.folder, kind.disk));
        try {
          await whileFull(kind.disk, stage, findings);
        } finally {
          filler.letGo();
        }
      };
  }
}

/** No database until something has come: killed, and kept from coming up again by another listener at its address. */
async function whileAway<Result>(site: FaultySite, port: number, comes: Promise<Result>): Promise<Result> {
  // Whoever connects meanwhile is cut off at once.
  const listener = createServer((socket) => socket.destroy());
  try {
    await until('the address of the database is taken', TAKEN_WITHIN_MS, async () => {
      signal('SIGKILL', await site.processes.postgres());
      listener.listen({ host: '127.0.0.1', port });
      await once(listener, 'listening');
      return true;
    });
    return await comes;
  } finally {
    listener.close();
  }
}

/** Its file says so only while it runs: one that was killed, and comes up again, writes it anew. */
async function databasePort(site: FaultySite): Promise<number> {
  return Number(new URL(await site.ownerUrl()).port);
}

/** It is there, and silent. */
async function whileFrozen<Result>({ processes }: FaultySite, comes: Promise<Result>): Promise<Result> {
  const pids = await processes.postgres();
  signal('SIGSTOP', pids);
  try {
    return await comes;
  } finally {
    signal('SIGCONT', pids);
  }
}

/** Events happen meanwhile; what the loop itself measures is by its own clock. */
async function whileSetBack(
  backMs: number,
  comes: Promise<void>,
  { site, history }: Stage,
  findings: Findings,
): Promise<void> {
  const known = history.events.length;
  await site.setClock(-backMs);
  try {
    await comes;
  } finally {
    await site.setClock(0);
  }
  await history.readOn(await site.ownerUrl(), findings);
  compareClock(history.events.slice(known), backMs, findings);
}

/** A proxy that was killed offers what is held again, and gives it whole. */
function servesFromDisk({ urls }: FaultySite): Promise<true> {
  const { snap, channel, revision } = Stock.LARGE_KEPT;
  return until('the proxy serves again, without the database', FROM_DISK_WITHIN_MS, async () => {
    const offer = await ask(urls.proxy, snap, { channel });
    if (typeof offer === 'string' || offer.revision !== revision)
      throw new Error(`${snap} is held at ${revision}: ${JSON.stringify(offer)}`);
    return (await download(offer.url, undefined))?.whole || undefined;
  });
}

/** All the while devices asked, and commands were given, of which none could be taken for long. */
function compareAway(
  lasts: number,
  before: { readonly entries: number; readonly asked: number },
  { record, devices }: Stage,
  findings: Findings,
): void {
  const asked = devices.counts.asked - before.asked;
  findings.expect(asked > lasts / 1_000, `devices asked ${asked} times only, in ${lasts} ms`);
  const given = record.entries.slice(before.entries);
  const done = given.filter(({ outcome }) => outcome.kind === 'acknowledged').length;
  findings.expect(
    done < given.length / 2,
    `${done} of ${given.length} commands were acknowledged while the database was away`,
  );
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function victims(victim: Victim, site: FaultySite, postmasterAlone: boolean): Promise<Pids> {
  const { processes } = site;
  switch (victim) {
    case 'control':
    case 'worker':
    case 'projector':
    case 'proxy':
      return [await running(victim, site)];
    case 'postgres':
      return (await processes.postgres()).slice(0, postmasterAlone ? 1 : undefined);
    case 'supervisor':
      return [site.supervisor];
    case 'proxy+postgres':
      return [await running('proxy', site), ...(await processes.postgres())];
    case 'everything': {
      const servers = await Promise.all(SERVERS.map((server) => processes.server(server)));
      return [site.supervisor, ...servers, ...(await processes.postgres())];
    }
  }
}

async function running(server: string, { processes }: FaultySite): Promise<number> {
  const pid = await processes.server(server);
  if (pid === undefined) throw new Error(`${server} does not run before the fault`);
  return pid;
}
