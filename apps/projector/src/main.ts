import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { untilDatabaseAnswers } from '#platform/database/until-database-answers';
import { NestLogger } from '#platform/logging/nest-logger';
import { runServer } from '#platform/server-process';
import { openEventStore } from '#event-store/open-event-store';
import { requireOwn } from '#site/own-store/open-own-store';
import { noteSigner } from '#tlog';
import { readKeyFile } from '#platform/setting-file';
import { makeSettingFolder } from '#platform/setting-folder';
import { ProjectorConfig } from './config.js';
import { ProjectorModule } from './projector.module.js';
import { projectorEvents } from './projector-events.js';
import { projectorReadiness } from './projector-readiness.js';
import { RunningProjector } from './running-projector.js';

await runServer('projector', ProjectorConfig, async ({ settings, logger, readiness, metrics }) => {
  const watched = projectorReadiness(readiness, settings);
  const progress = projectorEvents(logger, metrics, settings.ledgerDir, watched);
  const keys = {
    ledger: await readKeyFile('HOLDFAST_LEDGER_KEY_FILE', settings.ledgerKeyFile),
    policy: await readKeyFile('HOLDFAST_POLICY_KEY_FILE', settings.policyKeyFile),
  };
  watched.keysRead();
  await makeSettingFolder('HOLDFAST_LEDGER_DIR', settings.ledgerDir);
  await makeSettingFolder('HOLDFAST_LEDGER_SECOND_DIR', settings.ledgerSecondDir);
  await untilDatabaseAnswers(settings.databaseUrl, readiness, logger);
  // Ends the process: what is not known to be right is not signed.
  const onLost = (error: Error): void => {
    setImmediate(() => {
      throw error;
    });
  };
  const start = async (): Promise<RunningProjector> => {
    const store = await openEventStore(settings);
    const ledgerVkey = noteSigner(settings.origin, keys.ledger).vkey;
    const { databaseUrl, eventStoreUrl } = settings;
    try {
      await requireOwn(store, { databaseUrl, eventStoreUrl, ledgerVkey });
    } finally {
      await store.close();
    }
    return RunningProjector.start(settings, keys, logger, onLost, progress);
  };
  const app = await NestFactory.createApplicationContext(ProjectorModule.of(start), {
    abortOnError: false,
    logger: new NestLogger(logger),
  });
  return { close: () => app.close() };
});
