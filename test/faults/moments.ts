import { once } from 'node:events';
import { watch } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Chance } from './chance.js';
import type { Moment } from './kinds.js';
import type { Devices } from './load/devices.js';
import type { CommandRecord } from './load/record.js';
import type { FaultySite } from './site/site.js';

export interface MomentSources {
  readonly record: CommandRecord;
  readonly devices: Devices;
  readonly site: FaultySite;
}

/** Longest random delay behind the sign of a moment, in ms: about as long as what goes on then takes. */
const LASTS_MS: Readonly<Record<Moment, number>> = {
  append: 60,
  capture: 80,
  projection: 40,
  rebuild: 600,
  seal: 15,
  download: 40,
};
const COMES_WITHIN_MS = 40_000;

/**
 * Waits until the thing is going on, and then a random while within it.
 * @returns the random while, in ms @throws Error when the load never came to it
 */
export async function untilMoment(moment: Moment, sources: MomentSources, chance: Chance): Promise<number> {
  const patience = AbortSignal.timeout(COMES_WITHIN_MS);
  await signOf(moment, sources, patience).catch((error: unknown) => {
    throw new Error(`there was no ${moment} within ${COMES_WITHIN_MS / 1000} s`, { cause: error });
  });
  const into = chance.below(LASTS_MS[moment]);
  await delay(into);
  return into;
}

function signOf(
  moment: Moment,
  { site, record, devices }: MomentSources,
  patience: AbortSignal,
): Promise<unknown> {
  const { home } = site;
  switch (moment) {
    case 'append':
      return once(record.events, 'attempt', { signal: patience });
    case 'download':
      return once(devices.events, 'bytes', { signal: patience });
    case 'capture':
      // Artefacts and manifests are written here first.
      return appears(join(home.kept(), 'tmp'), () => true, patience);
    case 'rebuild': {
      const begun = once(site.log.events, 'rebuild', { signal: patience });
      // Whoever asked waits for its end, which the fault may be; the projector knows what it was asked.
      void site.host('projections', 'rebuild');
      return begun;
    }
    case 'seal':
      return sealBegins(home.ledger(), patience);
    case 'projection':
      // Sealed; the rows come next.
      return appears(home.ledger(), (name) => name === 'checkpoint', patience);
  }
}

/** The projector at work makes its files, tiles first and the checkpoint last, in a folder of its own. */
async function sealBegins(ledger: string, patience: AbortSignal): Promise<void> {
  const writing = (await readdir(ledger)).find((name) => name.startsWith('.writing-'));
  if (writing === undefined) throw new Error(`no projector has ${ledger} open`);
  await appears(join(ledger, writing), () => true, patience);
}

function appears(folder: string, is: (name: string) => boolean, patience: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const watcher = watch(folder, (_event, name) => {
      if (name === null || !is(name)) return;
      watcher.close();
      resolve();
    });
    watcher.once('error', reject);
    patience.addEventListener('abort', () => {
      watcher.close();
      reject(patience.reason as Error);
    });
  });
}
