import type { Command } from 'commander';
import { sentenceOf } from '#kernel';
import { loadConfig } from '#platform/config';
import { SiteConnectionsConfig } from './config.js';
import type { Connection } from './connection.js';
import { connectionsOf } from './connections.js';
import { withSiteSettings } from '../site-settings.js';

/** `holdfast check-connections`, in the incumbent's words. Exit code 1 when one cannot be reached. */
export function addCheckConnections(
  program: Command,
  env: NodeJS.ProcessEnv,
  print: (line: string) => void,
): void {
  program
    .command('check-connections')
    .description(
      'reach each that worker, proxy and control must reach, the way they would, and say a line for each',
    )
    .action(async () => {
      const connections = await connectionsOf(loadConfig(SiteConnectionsConfig, withSiteSettings(env)));
      const reached = await Promise.all(connections.map(tell));
      for (const { line } of reached) print(line);
      const failed = reached.filter(({ ok }) => !ok).length;
      print(
        failed === 0
          ? 'All connections appear to be accessible'
          : `${failed} of ${reached.length} connections cannot be made: docs/reference/network.md names what must be open`,
      );
      if (failed > 0) process.exitCode = 1;
    });
}

async function tell({ name, reach }: Connection): Promise<{ readonly line: string; readonly ok: boolean }> {
  try {
    const besides = await reach();
    return { ok: true, line: `${name}: OK${besides === undefined ? '' : ` (${besides})`}` };
  } catch (error) {
    return { ok: false, line: `${name}: ${sentenceOf(error)}` };
  }
}
