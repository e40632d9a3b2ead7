import 'reflect-metadata';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Logger } from '#platform/logging/logger';
import { NestLogger } from '#platform/logging/nest-logger';
import type { Adapters } from './adapters.js';
import { WorkerModule } from './worker.module.js';

/** Runs the reactors. Who made the adapters closes them, after the app. */
export async function startWorker(adapters: Adapters, logger: Logger): Promise<INestApplicationContext> {
  const { recovery } = adapters.kept;
  if (recovery.afterUncleanStop)
    logger.warn({ recovery }, 'the kept blobs were checked after an unclean stop');
  if (recovery.quarantined.length > 0) {
    logger.error(
      { blobs: recovery.quarantined },
      'kept blobs were damaged and are quarantined: capture them again',
    );
  }
  return NestFactory.createApplicationContext(WorkerModule.of(adapters, logger), {
    abortOnError: false,
    logger: new NestLogger(logger),
  });
}
