import { join } from 'node:path';
import { Registry } from 'prom-client';
import { systemClock, type Clock } from '#kernel';
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store';
import { loadConfig } from '#platform/config';
import { Lease } from '#platform/lease/lease';
import { createLogger, type Logger } from '#platform/logging/logger';
import { openAdapters, type Adapters } from '../adapters.js';
import { WorkerConfig } from '../config.js';
import { startWorker } from '../start-worker.js';
import { workerEvents } from '../worker-events.js';

interface WorkerParts {
  /** With `ledger.vkey`, and where the worker keeps blobs and finds the ledger. */
  readonly folder: string;
  /** With the worker's role. */
  readonly databaseUrl: string;
  /** By default it neither scrubs nor synchronises by itself. */
  readonly env?: Readonly<Record<string, string>>;
  readonly clock?: Clock | undefined;
  readonly logger?: Logger;
  readonly metrics?: Registry;
  readonly adapted?: (opened: Adapters) => Adapters;
}

interface RunningWorker {
  readonly adapters: Adapters;
  stop(): Promise<void>;
}

/** A whole worker in this process. @throws what {@link openAdapters} throws; the lease is free then */
export async function runWorker({
  folder,
  databaseUrl,
  env = {},
  clock = systemClock,
  logger = createLogger('worker', 'silent'),
  metrics = new Registry(),
  adapted = (opened) => opened,
}: WorkerParts): Promise<RunningWorker> {
  const config = loadConfig(WorkerConfig, {
    HOLDFAST_SCRUB_EVERY_MINUTES: '0',
    HOLDFAST_SYNC_EVERY_MINUTES: '0',
    DATABASE_URL: databaseUrl,
    HOLDFAST_KEPT_DIR: join(folder, 'kept'),
    HOLDFAST_LEDGER_VKEY_FILE: join(folder, 'ledger.vkey'),
    HOLDFAST_LEDGER_DIR: join(folder, 'ledger'),
    HOLDFAST_LEDGER_SECOND_DIR: join(folder, 'ledger-second'),
    ...env,
  });
  const events = workerEvents(logger, metrics);
  const onLost = (error: Error): void => {
    throw error;
  };
  const lease = new Lease(config.databaseUrl, onLost);
  const fence = await lease.acquire();
  const store = new PostgresEventStore(config.databaseUrl, { fence });
  const opened = await openAdapters(config, store, fence, events, clock).catch(async (error: unknown) => {
    await lease.release();
    throw error;
  });
  const adapters = adapted(opened);
  const app = await startWorker(adapters, events, logger, metrics, onLost);
  return {
    adapters,
    stop: async () => {
      await adapters.stop();
      await app.close();
      await adapters.close();
      await lease.release();
    },
  };
}
