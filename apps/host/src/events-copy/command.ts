import { Option, type Command } from 'commander';
import type { EventStoreKind } from '#event-store/event-store-kind';
import { loadConfig } from '#platform/config';
import { HostConfig } from '../config.js';
import { ledgerFolders } from '../ledger-folders.js';
import { readSecret } from '../secret-files.js';
import { withOwnHome } from '../with-own-home.js';
import { moveEvents } from './move-events.js';

const STORES: readonly EventStoreKind[] = ['postgresql', 'eventstoredb'];

/** `events copy`: the history goes to the other event store. */
export function addEventsCopy(events: Command, env: NodeJS.ProcessEnv, print: (line: string) => void): void {
  events
    .command('copy')
    .description(
      'copy the whole history to the other event store, compare it with the ledger, and go on there; EVENTSTORE_URL names EventStoreDB. The site must be stopped. Experimental',
    )
    .addOption(new Option('--to <store>', 'where the history goes').choices(STORES).makeOptionMandatory())
    .action(async ({ to }: { to: EventStoreKind }) => {
      const config = loadConfig(HostConfig, env);
      const { eventStoreUrl } = config;
      if (eventStoreUrl === undefined)
        throw new Error('EVENTSTORE_URL is not set: it must name the EventStoreDB to copy to or from');
      await withOwnHome(config, async (home, ownerUrl) => {
        const vkey = await readSecret(home.secret('ledger.vkey'));
        if (vkey === undefined) throw new Error(`${home.folder} has no site: its ledger's key is missing`);
        const { ledgerDir: ledger } = ledgerFolders(home, config);
        const moved = await moveEvents({
          to,
          ownerUrl: await ownerUrl(),
          eventStoreUrl,
          ledger,
          vkey,
          say: print,
        });
        print(`${moved.events} events are in ${to}, ${moved.appended} of them copied now`);
        print(`${moved.sealed} sealed entries of the ledger equal them`);
        print(
          to === 'eventstoredb'
            ? 'start the site with EVENTSTORE_URL from now on; what is left in PostgreSQL is an old copy'
            : 'start the site without EVENTSTORE_URL from now on; what is left in EventStoreDB is an old copy',
        );
      });
    });
}
