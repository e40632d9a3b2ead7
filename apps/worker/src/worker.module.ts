import { Module, type DynamicModule } from '@nestjs/common';
import type { Logger } from '#platform/logging/logger';
import { applyReactor } from '#release-control/reactors/apply-approved-change/reactor';
import { captureReactor } from '#release-control/reactors/capture-submitted-change/reactor';
import type { Adapters } from './adapters.js';
import { ReactorHost } from './reactor-host.js';

/** The worker acts: it answers events, and appends what deciders decide. It has no public port. */
@Module({})
export class WorkerModule {
  static of({ store, streams, checkpoints, capture, clock }: Adapters, logger: Logger): DynamicModule {
    const reactors = [
      captureReactor({ writer: streams, capture, clock }),
      applyReactor({ writer: streams, clock }),
    ];
    const host = new ReactorHost(reactors, store, checkpoints, logger);
    return { module: WorkerModule, providers: [{ provide: ReactorHost, useValue: host }] };
  }
}
