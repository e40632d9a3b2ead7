import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { loadConfig } from '#platform/config';
import { createLogger } from '#platform/logging/logger';
import { NestLogger } from '#platform/logging/nest-logger';
import { runServer } from '#platform/server-process';
import { ProjectorConfig } from './config.js';
import { ProjectorModule } from './projector.module.js';
import { readSeed } from './read-seed.js';
import { RunningProjector } from './running-projector.js';

await runServer('projector', async () => {
  const config = loadConfig(ProjectorConfig, process.env);
  const logger = createLogger('projector', config.logLevel);
  const keys = {
    ledger: await readSeed('HOLDFAST_LEDGER_KEY_FILE', config.ledgerKeyFile),
    policy: await readSeed('HOLDFAST_POLICY_KEY_FILE', config.policyKeyFile),
  };
  // Ends the process: what is not known to be right is not signed.
  const onLost = (error: Error): void => {
    setImmediate(() => {
      throw error;
    });
  };
  const start = (): Promise<RunningProjector> => RunningProjector.start(config, keys, logger, onLost);
  const app = await NestFactory.createApplicationContext(ProjectorModule.of(start), {
    abortOnError: false,
    logger: new NestLogger(logger),
  });
  return { logger, close: () => app.close() };
});
