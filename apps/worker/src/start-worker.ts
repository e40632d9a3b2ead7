import 'reflect-metadata';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Registry } from 'prom-client';
import type { Logger } from '#platform/logging/logger';
import { NestLogger } from '#platform/logging/nest-logger';
import type { Adapters } from './adapters.js';
import type { WorkerEvents } from './worker-events.js';
import { WorkerModule } from './worker.module.js';

/**
 * Runs the reactors. Who made the adapters closes them, after the app.
 * @param onFencedOut told when another worker has taken over
 */
export async function startWorker(
  adapters: Adapters,
  events: WorkerEvents,
  logger: Logger,
  metrics: Registry,
  onFencedOut: (error: Error) => void,
): Promise<INestApplicationContext> {
  adapters.kept.report(logger);
  return NestFactory.createApplicationContext(
    WorkerModule.of(adapters, events, logger, metrics, onFencedOut),
    {
      abortOnError: false,
      logger: new NestLogger(logger),
    },
  );
}
