import 'reflect-metadata';
import { untilDatabaseAnswers } from '#platform/database/until-database-answers';
import { databaseAnswers, eventStoreAnswers } from '#platform/health/checks';
import { Lease } from '#platform/lease/lease';
import { MeasuredEventStore } from '#platform/metrics/measured-event-store';
import { runServer } from '#platform/server-process';
import { eventStoreKind } from '#event-store/event-store-kind';
import { keepClock } from '#site/clock/keep-clock';
import { SITE_STREAM } from '#site/domain/site';
import { openAdapters } from './adapters.js';
import { WorkerConfig } from './config.js';
import { openStore } from './open-store.js';
import { startWorker } from './start-worker.js';
import { trySettings } from './try-settings.js';
import { workerEvents } from './worker-events.js';

await runServer('worker', WorkerConfig, async ({ settings, logger, readiness, metrics }) => {
  const events = workerEvents(logger, metrics);
  const opened = readiness.expect('trust roots', 'they are not read yet');
  await trySettings(settings);
  opened.met();
  await untilDatabaseAnswers(settings.databaseUrl, readiness, logger);
  // Ends the process: whatever it tries is refused. Started again, it waits for its turn.
  const onFencedOut = (error: Error): void => {
    setImmediate(() => {
      throw error;
    });
  };
  const held = readiness.expect('lease', 'another worker holds it, or the database does not answer');
  const lease = new Lease(settings.databaseUrl, onFencedOut);
  const fence = await lease.acquire();
  logger.info({ epoch: String(fence.epoch) }, 'this is the one worker');
  held.met();
  const store = new MeasuredEventStore(await openStore(settings, fence), events.appended);
  const adapters = await openAdapters(settings, store, fence, events);
  readiness.check('database', databaseAnswers(adapters.database));
  readiness.check('event store', eventStoreAnswers(adapters.store, SITE_STREAM));
  readiness.check(adapters.kept.name, adapters.kept.usable);
  readiness.check('ledger and events agree', () => adapters.verdict.says, { needed: false });
  const app = await startWorker(adapters, events, logger, metrics, onFencedOut);
  const { database, streams } = adapters;
  const ask = async (text: string) => (await database.query<{ bytes: Buffer }>(text)).rows;
  const clock = keepClock('worker', streams, eventStoreKind(settings.eventStoreUrl), ask, logger);
  return {
    close: async () => {
      await adapters.stop();
      await clock.stop();
      await app.close();
      await adapters.close();
      // Last: whoever waits may begin.
      await lease.release();
    },
  };
});
