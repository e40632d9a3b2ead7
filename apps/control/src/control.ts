import 'reflect-metadata';
import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { restAdapter } from '#platform/http/fastify';
import { ProblemFilter } from '#platform/http/problem.filter';
import { validationPipe } from '#platform/http/validation';
import type { Logger } from '#platform/logging/logger';
import type { OnAnswered } from '#platform/metrics/http-metrics';
import type { PublicPort } from '#platform/tls/public-port';
import { NestLogger } from '#platform/logging/nest-logger';
import type { Adapters } from './adapters.js';
import { ControlModule } from './control.module.js';
import { PlatformModule } from './platform.module.js';
import type { Site } from './status/site.js';

@Module({})
class ControlRoot {
  static of(adapters: Adapters, site: Site): DynamicModule {
    return { module: ControlRoot, imports: [PlatformModule.of(adapters, site), ControlModule] };
  }
}

/** Who counts what control answers. */
export interface Observers {
  readonly answered: OnAnswered;
  readonly refused: (code: string) => void;
}

const UNSEEN: Observers = { answered: () => undefined, refused: () => undefined };

/** The REST API, put together and not listening yet. Who made the adapters closes them, after the app. */
export async function createControl(
  adapters: Adapters,
  site: Site,
  logger: Logger,
  observers = UNSEEN,
  serverFactory?: PublicPort['serverFactory'],
): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    ControlRoot.of(adapters, site),
    restAdapter(logger, observers.answered, serverFactory, adapters.zone),
    { bodyParser: false, abortOnError: false, logger: new NestLogger(logger) },
  );
  app.useGlobalFilters(new ProblemFilter(logger, observers.refused));
  app.useGlobalPipes(validationPipe());
  return app;
}
