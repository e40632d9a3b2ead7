import type { Command } from 'commander';
import { loadConfig } from '#platform/config';
import { HostConfig } from '../config.js';
import { compareEventStore } from './compare-store.js';
import { compareLedger } from './compare-ledger.js';
import { withDatabase } from './with-database.js';

/** What `holdfast verify --database` asks: it may not open the database itself. Prints one line of JSON. */
export function addCompareLedger(
  program: Command,
  env: NodeJS.ProcessEnv,
  print: (line: string) => void,
): void {
  program
    .command('compare-ledger')
    .description(
      "compare the stored events with a ledger's, byte for byte; they are in EVENTSTORE_URL's store, or in the database: DATABASE_URL's, or the home's",
    )
    .argument('<folder>', "the ledger's files")
    .requiredOption('--vkey <vkey>', 'the public key that must have sealed it')
    .action(async (folder: string, { vkey }: { vkey: string }) => {
      const config = loadConfig(HostConfig, env);
      const comparison =
        config.eventStoreUrl === undefined
          ? await withDatabase(config, (url) => compareLedger(folder, vkey, url))
          : await compareEventStore(folder, vkey, config.eventStoreUrl);
      const { sealed, unsealed, differences } = comparison;
      const faults = differences.map(({ position, kind }) => ({ position: String(position), kind }));
      print(JSON.stringify({ sealed: String(sealed), unsealed, differences: faults }));
    });
}
