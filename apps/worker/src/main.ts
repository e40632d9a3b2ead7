import 'reflect-metadata';
import { databaseAnswers, eventStoreAnswers } from '#platform/health/checks';
import { runServer } from '#platform/server-process';
import { SITE_STREAM } from '#site/domain/site';
import { openAdapters } from './adapters.js';
import { WorkerConfig } from './config.js';
import { startWorker } from './start-worker.js';

await runServer('worker', WorkerConfig, async ({ settings, logger, readiness, metrics }) => {
  const opened = readiness.expect('trust roots', 'they are not read yet');
  const adapters = await openAdapters(settings);
  opened.met();
  readiness.check('database', databaseAnswers(adapters.database));
  readiness.check('event store', eventStoreAnswers(adapters.store, SITE_STREAM));
  readiness.check(adapters.kept.name, adapters.kept.usable);
  const app = await startWorker(adapters, logger, metrics);
  return {
    close: async () => {
      await adapters.stop();
      await app.close();
      await adapters.close();
    },
  };
});
