import 'reflect-metadata';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { PublicPort } from '#platform/tls/public-port';
import { CLIENT_PATIENCE, type ClientPatience } from '#platform/http/client-patience';
import type { Logger } from '#platform/logging/logger';
import { NestLogger } from '#platform/logging/nest-logger';
import type { OnAnswered } from '#platform/metrics/http-metrics';
import { ServingModule } from '#serving/serving.module';
import { ShadowModule } from '#serving/shadow/shadow.module';
import { ServingErrorFilter, Shadow, type ServingEvents, type SnapServing } from '#serving/published';
import { deviceAdapter } from './device-adapter.js';

/** The HTTP server that devices talk to, put together and not listening yet. @param serving or the shadow that passes all on */
export async function createProxy(
  serving: SnapServing | Shadow,
  events: ServingEvents,
  logger: Logger,
  onAnswered: OnAnswered = () => undefined,
  serverFactory?: PublicPort['serverFactory'],
  patience: ClientPatience = CLIENT_PATIENCE,
): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    moduleOf(serving),
    deviceAdapter(logger, onAnswered, serverFactory, patience),
    {
      bodyParser: false,
      abortOnError: false,
      logger: new NestLogger(logger),
    },
  );
  app.useGlobalFilters(new ServingErrorFilter(events));
  return app;
}

function moduleOf(serving: SnapServing | Shadow): DynamicModule {
  return serving instanceof Shadow ? ShadowModule.of(serving) : ServingModule.of(serving);
}
