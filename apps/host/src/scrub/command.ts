import type { Command } from 'commander';
import { systemClock } from '#kernel';
import { ATTACHMENTS_STREAM, scrubRecord } from '#catalog/scrub/scrub-record';
import { AttachmentReader } from '#release-control/attachments/attachment-reader';
import { NO_TIME_OUT, withClient } from '#platform/database/with-client';
import { loadConfig } from '#platform/config';
import { StreamWriter } from '#platform/decide-and-append';
import { problemKind } from '#platform/problems/problem-table';
import { withDatabase } from '../compare-ledger/with-database.js';
import { HostConfig } from '../config.js';
import { Home } from '../home.js';
import { openStoreInUse } from '../store-in-use.js';
import { openKept } from './open-kept.js';
import { scrub, scrubFiles } from './scrub.js';
import { unnamedAttachments } from './unnamed-attachments.js';

/** All kept blobs at once, for who doesn't want to wait for the worker's slices. The site may be up. */
export function addScrub(program: Command, env: NodeJS.ProcessEnv, print: (line: string) => void): void {
  program
    .command('scrub')
    .description(
      'read every kept blob, and every attachment, again; a damaged one is recorded as an event, and a blob quarantined (exit code 6)',
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
          const writer = new StreamWriter(store, config.zone);
          const record = scrubRecord(writer, systemClock, 'host');
          const ofFiles = scrubRecord(writer, systemClock, 'host', ATTACHMENTS_STREAM);
          try {
            const whole = await scrub(after, { blobs: kept.blobs, record, signal: told.signal }, print);
            const files = await withClient(
              ownerUrl,
              async (client) => {
                const reader = new AttachmentReader(client);
                const whole = await scrubFiles(reader, ofFiles, told.signal, print);
                for (const digest of await unnamedAttachments(reader, store))
                  print(
                    `attachment ${digest} is of no request: it came too late for its own, and harms nobody`,
                  );
                return whole;
              },
              NO_TIME_OUT,
            );
            return whole && files;
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
