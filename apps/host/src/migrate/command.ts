import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { migrate } from './migrate.js';

interface Options {
  readonly config: string;
  readonly registration?: string;
  readonly overrides?: string;
  readonly to: string;
}

/** Needs no site, and changes none. */
export function addMigrate(program: Command, print: (line: string) => void): void {
  program
    .command('migrate')
    .description(
      'turn what a Snap Store Proxy (Enterprise Store) exports into files that the commands here take, and say which',
    )
    .requiredOption('--config <file>', 'what "enterprise-store config --export-yaml" wrote')
    .option('--registration <file>', 'its store assertions, or registration_bundle.b64')
    .option(
      '--overrides <file>',
      'what "enterprise-store list-overrides SNAP" says, one snap after the other, or its REST answers',
    )
    .requiredOption('--to <folder>', 'a new folder for the files')
    .action(async ({ config, registration, overrides, to }: Options) => {
      const read = (file: string | undefined) => (file === undefined ? undefined : readFile(file, 'utf8'));
      const folder = path.resolve(to);
      const taken = {
        config: await readFile(config, 'utf8'),
        registration: await read(registration),
        overrides: await read(overrides),
      };
      const { told } = await migrate(taken, folder);
      print(`written to ${folder}; now, in this order:`);
      for (const line of told) print(line);
    });
}
