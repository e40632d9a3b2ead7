import pg from 'pg';
import type { AuditedLedger } from './comparison/ledger.js';
import type { History } from './comparison/history.js';
import { statuses, unfinished } from './comparison/requests.js';
import { Findings } from './findings.js';
import type { Devices } from './load/devices.js';
import type { Writers } from './load/writers.js';
import type { FaultySite } from './site/site.js';
import { until } from './until.js';

const BACK_WITHIN_MS = 120_000;
const SERVERS = ['control', 'worker', 'projector', 'proxy'] as const;
/** Longer than what an orderly stop may take. */
const ALONE_WITHIN_MS = 30_000;
const SETTLES_WITHIN_MS = 60_000;

/**
 * Waits until the site does all that it is for, without a hand: each server says that it is ready, a change that a person asked for after `since` is captured, approved and applied,
 * and a device is offered it.
 * @param since of `performance.now()` @throws Error when that does not come
 */
export async function untilBack(
  since: number,
  site: FaultySite,
  writers: Writers,
  devices: Devices,
): Promise<void> {
  await until('each server says that it is ready', BACK_WITHIN_MS, () => site.ready());
  const revision = await until('a new change is captured, approved and applied', BACK_WITHIN_MS, () => {
    const { held } = writers;
    return Promise.resolve(held && held.asked > since ? held.revision : undefined);
  });
  await until(`a device is offered revision ${revision}`, BACK_WITHIN_MS, async () => {
    const offer = await devices.ask('lab-hello', 'latest/stable');
    return typeof offer !== 'string' && offer.revision >= revision ? true : undefined;
  });
}

/** Waits until each server runs once: one whose supervisor was killed ends by itself. @throws Error when one does not */
export async function untilAlone({ processes }: FaultySite): Promise<void> {
  for (const server of SERVERS) {
    await until(`${server} runs once`, ALONE_WITHIN_MS, async () => {
      const pids = await processes.servers(server);
      if (pids.length !== 1) throw new Error(`there are ${pids.length}: ${pids.join(', ')}`);
      return true;
    });
  }
}

/** Waits until the reactors have done what is theirs and the ledger has sealed all of it. @returns how each request stands */
export async function untilSettled(
  site: FaultySite,
  history: History,
  ledger: AuditedLedger,
  findings: Findings,
): Promise<Map<string, string>> {
  return await until('the site has nothing left to do', SETTLES_WITHIN_MS, async () => {
    await history.readOn(await site.ownerUrl(), findings);
    const open = unfinished(history, statuses(history, new Findings()));
    if (open.length > 0) throw new Error(`waiting for ${open.join(', ')}`);
    const rebuilds = await notDoneRebuilds(await site.ownerUrl());
    if (rebuilds !== '') throw new Error(`rebuilds of read models are asked for, and not done: ${rebuilds}`);
    if (ledger.size < BigInt(history.events.length))
      throw new Error(`${ledger.size} of ${history.events.length} events are sealed`);
    return statuses(history, findings);
  });
}

/** A rebuild that a fault cut off begins anew by itself; none is given up. @returns how those stand that are not done */
async function notDoneRebuilds(ownerUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: ownerUrl });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ stands: string }>(
      "select concat_ws(': ', state, detail) as stands from read.rebuild_request where state <> 'done' order by id",
    );
    return rows.map(({ stands }) => stands).join(', ');
  } finally {
    await client.end();
  }
}
