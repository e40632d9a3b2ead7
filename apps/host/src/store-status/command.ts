import { Option, type Command } from 'commander';
import { loadConfig } from '#platform/config';
import { HostConfig } from '../config.js';
import { Home } from '../home.js';
import { keyFiles } from '../key-files.js';
import { inTheIncumbentsShape, storeStatus } from './store-status.js';
import { withSiteSettings } from '../site-settings.js';

/** What `status` is under the incumbent's names. Exit code 1 unless every server runs. */
export function addStoreStatus(
  program: Command,
  env: NodeJS.ProcessEnv,
  print: (line: string) => void,
): void {
  program
    .command('store-status')
    .description(
      'the store as the Snap Store Proxy’s "status" shows it: address, database, store id, devices, servers',
    )
    .addOption(
      new Option('--format <format>', 'text (YAML, too) or json').choices(['text', 'json']).default('text'),
    )
    .action(async ({ format }: { format: 'text' | 'json' }) => {
      const config = loadConfig(HostConfig, withSiteSettings(env));
      const status = await storeStatus(config, keyFiles(new Home(config.home), env).site);
      const lines = format === 'json' ? [JSON.stringify(status)] : inTheIncumbentsShape(status);
      for (const line of lines) print(line);
      if (!Object.values(status.services).every((says) => says.startsWith('running'))) process.exitCode = 1;
    });
}
