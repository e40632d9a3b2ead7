import type { Command } from 'commander';
import { loadConfig } from '#platform/config';
import { HostConfig } from '../config.js';
import { compareEventStore } from './compare-store.js';
import { compareLedger, type Comparison } from './compare-ledger.js';
import { requireStoreInUse } from './require-store-in-use.js';
import { hasDatabase, withDatabase } from './with-database.js';

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
      const { sealed, unsealed, differences } = await compare(folder, vkey, config);
      const faults = differences.map(({ position, kind }) => ({ position: String(position), kind }));
      print(JSON.stringify({ sealed: String(sealed), unsealed, differences: faults }));
    });
}

/** Where the settings say that the events are; a database that is there is asked whether they are. */
async function compare(folder: string, vkey: string, config: HostConfig): Promise<Comparison> {
  const { eventStoreUrl } = config;
  if (eventStoreUrl === undefined)
    return withDatabase(config, async (url) => {
      await requireStoreInUse(url, undefined);
      return compareLedger(folder, vkey, url);
    });
  if (await hasDatabase(config)) await withDatabase(config, (url) => requireStoreInUse(url, eventStoreUrl));
  return compareEventStore(folder, vkey, eventStoreUrl);
}
