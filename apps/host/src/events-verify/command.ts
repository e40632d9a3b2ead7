import type { Command } from 'commander';
import { loadConfig } from '#platform/config';
import { SiteError } from '#site/domain/errors';
import { withDatabase } from '../compare-ledger/with-database.js';
import { HostConfig } from '../config.js';
import { openStoreInUse } from '../store-in-use.js';
import { verifyHistory, type ReplayedHistory } from './verify-history.js';

/** `events verify`: whether what each event says was before it is what the events before it lead to. */
export function addEventsVerify(
  events: Command,
  env: NodeJS.ProcessEnv,
  print: (line: string) => void,
): void {
  events
    .command('verify')
    .description(
      'replay the history, and compare the old value that each event states with what the events before it lead to; the site may be up, and nothing is written',
    )
    .action(async () => {
      const config = loadConfig(HostConfig, env);
      const replayed = await withDatabase(config, async (ownerUrl) => {
        const { store } = await openStoreInUse(ownerUrl, config.eventStoreUrl);
        try {
          return await verifyHistory(store);
        } finally {
          await store.close();
        }
      });
      for (const { position, type, stream, what } of replayed.contradictions)
        print(`position ${position}: ${type} in ${stream}: ${what}`);
      refuseContradictions(replayed);
      print(
        `${replayed.events} events follow from one another; ${replayed.stating} of them state what was before them, and it was`,
      );
    });
}

/** @throws SiteError `old-values-differ`, naming the first */
function refuseContradictions({ contradictions: [first], count }: ReplayedHistory): void {
  if (!first) return;
  const more = count > 1 ? ` (and ${count - 1} more)` : '';
  throw new SiteError(
    'old-values-differ',
    `${first.type} at position ${first.position} ${first.what}${more}. ` +
      'Events are never mended: find out with "holdfast verify --database home" whether the event is the one that was sealed, and put it into the next review of the trail',
  );
}
