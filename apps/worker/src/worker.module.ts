import { Module, type DynamicModule } from '@nestjs/common';
import type { Registry } from 'prom-client';
import { scrubRecord } from '#catalog/scrub/scrub-record';
import type { Logger } from '#platform/logging/logger';
import { applyReactor } from '#release-control/reactors/apply-approved-change/reactor';
import { captureReactor } from '#release-control/reactors/capture-submitted-change/reactor';
import type { Adapters } from './adapters.js';
import { ReactorHost } from './reactor-host.js';
import { scrubMetrics } from './scrub/scrub-metrics.js';
import { ScrubSchedule } from './scrub/scrub-schedule.js';
import type { WorkerEvents } from './worker-events.js';

/** The worker acts: it answers events, and appends what deciders decide. It has no public port. */
@Module({})
export class WorkerModule {
  static of(
    adapters: Adapters,
    events: WorkerEvents,
    logger: Logger,
    metrics: Registry,
    onFencedOut: (error: Error) => void,
  ): DynamicModule {
    const { store, streams, checkpoints, capture, kept, scrubPositions, clock } = adapters;
    const reactors = [
      captureReactor({ writer: streams, capture, clock }),
      applyReactor({ writer: streams, clock }),
    ];
    const host = new ReactorHost(reactors, store, checkpoints, events, onFencedOut);
    const record = scrubRecord(streams, clock, 'worker');
    const scrub = new ScrubSchedule(adapters.scrub, {
      blobs: kept.blobs,
      found: kept.damaged,
      record,
      positions: scrubPositions,
      metrics: scrubMetrics(metrics, () => record.damaged()),
      clock,
      logger,
    });
    return {
      module: WorkerModule,
      providers: [
        { provide: ReactorHost, useValue: host },
        { provide: ScrubSchedule, useValue: scrub },
      ],
    };
  }
}
