import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Chance } from './chance.js';
import { Filler } from './disks/filler.js';
import { whileFull } from './disks/while-full.js';
import type { Findings } from './findings.js';
import type { Kind, Victim } from './kinds.js';
import { signal } from './site/processes.js';
import type { FaultySite } from './site/site.js';
import type { Stage } from './stage.js';

type Pids = readonly (number | undefined)[];

const SERVERS = ['control', 'worker', 'projector', 'proxy'] as const;
const AWAY_MS = { least: 3_000, more: 9_000 };
const KILL_EVERY_MS = 25;

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
      return () => {
        signal('SIGKILL', pids);
        return Promise.resolve();
      };
    }
    case 'away': {
      const lasts = AWAY_MS.least + chance.below(AWAY_MS.more);
      return async () => {
        for (const end = performance.now() + lasts; performance.now() < end; await delay(KILL_EVERY_MS)) {
          signal('SIGKILL', await site.processes.postgres());
        }
      };
    }
    case 'frozen': {
      const lasts = AWAY_MS.least + chance.below(AWAY_MS.more);
      return async () => {
        const pids = await site.processes.postgres();
        signal('SIGSTOP', pids);
        await delay(lasts);
        signal('SIGCONT', pids);
      };
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
