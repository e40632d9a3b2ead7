import 'reflect-metadata';
import { loadConfig } from '#platform/config';
import { createLogger } from '#platform/logging/logger';
import { runServer } from '#platform/server-process';
import { openAdapters } from './adapters.js';
import { WorkerConfig } from './config.js';
import { startWorker } from './start-worker.js';

await runServer('worker', async () => {
  const config = loadConfig(WorkerConfig, process.env);
  const logger = createLogger('worker', config.logLevel);
  const adapters = await openAdapters(config);
  const app = await startWorker(adapters, logger);
  return {
    logger,
    close: async () => {
      await adapters.stop();
      await app.close();
      await adapters.close();
    },
  };
});
