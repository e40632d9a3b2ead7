import 'reflect-metadata';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Registry } from 'prom-client';
import type { Logger } from '#platform/logging/logger';
import { NestLogger } from '#platform/logging/nest-logger';
import type { Adapters } from './adapters.js';
import { WorkerModule } from './worker.module.js';

/** Runs the reactors. Who made the adapters closes them, after the app. */
export async function startWorker(
  adapters: Adapters,
  logger: Logger,
  metrics: Registry,
): Promise<INestApplicationContext> {
  adapters.kept.report(logger);
  return NestFactory.createApplicationContext(WorkerModule.of(adapters, logger, metrics), {
    abortOnError: false,
    logger: new NestLogger(logger),
  });
}
