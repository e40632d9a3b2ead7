import type { Command } from 'commander';
import { systemClock } from '#kernel';
import { scrubRecord } from '#catalog/scrub/scrub-record';
import { loadConfig } from '#platform/config';
import { StreamWriter } from '#platform/decide-and-append';
import { problemKind } from '#platform/problems/problem-table';
import { withDatabase } from '../compare-ledger/with-database.js';
import { HostConfig } from '../config.js';
import { Home } from '../home.js';
import { openStoreInUse } from '../store-in-use.js';
import { openKept } from './open-kept.js';
import { scrub } from './scrub.js';

/** All kept blobs at once, for who doesn't want to wait for the worker's slices. The site may be up. */
export function addScrub(program: Command, env: NodeJS.ProcessEnv, print: (line: string) => void): void {
  program
    .command('scrub')
    .description(
      'read every kept blob again; a damaged one is quarantined and recorded as an event (exit code 6)',
    )
    .option('--after <digest>', 'go on after this blob, as an interrupted scrub has said')
    .action(async ({ after }: { after?: string }) => {
      const config = loadConfig(HostConfig, env);
      const told = new AbortController();
      for (const signal of ['SIGINT', 'SIGTERM'] as const) {
        process.once(signal, () => told.abort(new Error(`${signal}: the scrub was interrupted`)));
      }
      const folder = config.keptDir ?? new Home(config.home).kept();
      const kept = await openKept(config.blobs, folder);
      try {
        const whole = await withDatabase(config, async (ownerUrl) => {
          const { store } = await openStoreInUse(ownerUrl, config.eventStoreUrl);
          const record = scrubRecord(new StreamWriter(store, config.zone), systemClock, 'host');
          try {
            return await scrub(after, { blobs: kept.blobs, record, signal: told.signal }, print);
          } finally {
            await store.close();
          }
        });
        if (!whole) process.exitCode = problemKind('digest-mismatch')?.exitCode ?? 1;
      } finally {
        kept.close();
      }
    });
}
