import type { Command } from 'commander';
import { loadConfig } from '#platform/config';
import { HostConfig } from '../config.js';
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
      "compare the database's events with a ledger's, byte for byte; the database is DATABASE_URL's, or the home's",
    )
    .argument('<folder>', "the ledger's files")
    .requiredOption('--vkey <vkey>', 'the public key that must have sealed it')
    .action(async (folder: string, { vkey }: { vkey: string }) => {
      const comparison = await withDatabase(loadConfig(HostConfig, env), (url) =>
        compareLedger(folder, vkey, url),
      );
      const { sealed, unsealed, differences } = comparison;
      const faults = differences.map(({ position, kind }) => ({ position: String(position), kind }));
      print(JSON.stringify({ sealed: String(sealed), unsealed, differences: faults }));
    });
}
