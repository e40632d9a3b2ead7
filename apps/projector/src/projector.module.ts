import { Inject, Module, type DynamicModule, type OnModuleDestroy } from '@nestjs/common';
import { RunningProjector } from './running-projector.js';

const RUNNING = Symbol('RunningProjector');

/** A Nest application without a port. Its one provider is ready once the projector has caught up, and is closed with the application. */
@Module({})
export class ProjectorModule implements OnModuleDestroy {
  constructor(@Inject(RUNNING) private readonly running: RunningProjector) {}

  static of(start: () => Promise<RunningProjector>): DynamicModule {
    return { module: ProjectorModule, providers: [{ provide: RUNNING, useFactory: start }] };
  }

  async onModuleDestroy(): Promise<void> {
    await this.running.close();
  }
}
