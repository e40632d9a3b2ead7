import { Module, type DynamicModule } from '@nestjs/common';
import type { Registry } from 'prom-client';
import { syncReactor } from '#catalog/reactors/answer-sync-request/reactor';
import { lookAtReportedReactor } from '#catalog/reactors/look-at-reported-snaps/reactor';
import { lookAtWatchedReactor } from '#catalog/reactors/look-at-watched-snap/reactor';
import { watchAskedReactor } from '#catalog/reactors/watch-asked-snaps/reactor';
import { ATTACHMENTS_STREAM, scrubRecord } from '#catalog/scrub/scrub-record';
import { SnapObserver } from '#catalog/sync/snap-observer';
import type { Logger } from '#platform/logging/logger';
import { knownRings } from '#fleet/published';
import { followSinksReactor } from '#notifications/reactors/follow-sinks/reactor';
import { applyReactor } from '#release-control/reactors/apply-approved-change/reactor';
import { blockReactor } from '#release-control/reactors/block-changed-snap/reactor';
import { refusedRatificationReactor } from '#release-control/reactors/halt-unratified/reactor';
import { captureReactor } from '#release-control/reactors/capture-submitted-change/reactor';
import { supersedeReactor } from '#release-control/reactors/supersede-change/reactor';
import { endHoldReactor } from '#release-control/reactors/end-expired-hold/reactor';
import { noteDueReactor } from '#release-control/reactors/note-due-changes/reactor';
import type { Adapters } from './adapters.js';
import { ratificationMetrics, sayHalted, watchRatification } from './ratification-watch.js';
import { ReactorHost } from './reactor-host.js';
import { holdsMetric, watchHolds } from './holds-watch.js';
import { overdueHoldsMetric, watchOverdueHolds } from './overdue-holds-watch.js';
import { upstreamOffers } from './upstream-offers.js';
import { reviewsMetric, watchReviews } from './reviews-watch.js';
import { SinkHost } from './sinks/sink-host.js';
import { sinkKeeper } from './sinks/sink-keeper.js';
import { sinkMetrics } from './sinks/sink-metrics.js';
import { scrubMetrics } from './scrub/scrub-metrics.js';
import { ScrubSchedule } from './scrub/scrub-schedule.js';
import { publisherChange } from './sync/publisher-change.js';
import { heldRevisions } from './sync/held-revisions.js';
import { syncMetrics } from './sync/sync-metrics.js';
import { SyncSchedule } from './sync/sync-schedule.js';
import { scheduleMetric, watchSchedule } from './schedule-watch.js';
import { nodeKeyMetric, watchNodeKeys } from './node-key-watch.js';
import { silenceMetric, watchSilence } from './silence-watch.js';
import { verificationRecord } from '#ledger/verifier/verification-record';
import { verificationMetrics } from './verification/verification-metrics.js';
import { watchVerification } from './verification/verification-watch.js';
import { Watch } from './watch.js';
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
    const counted = syncMetrics(metrics, adapters.sync.everyMinutes, clock);
    const observer = new SnapObserver({
      ...adapters.observe,
      writer: streams,
      held: heldRevisions(streams),
      onLook: (look) => counted.looked(look),
    });
    const looking = { writer: streams, observer, clock, signal: adapters.stopping };
    const keeper = sinkKeeper(adapters, sinkMetrics(metrics, clock), logger, onFencedOut);
    const reactors = [
      followSinksReactor(keeper),
      captureReactor({ writer: streams, capture, clock }),
      applyReactor({ writer: streams, clock }),
      noteDueReactor({ writer: streams, clock }),
      supersedeReactor({ writer: streams, clock }),
      watchAskedReactor({ writer: streams, clock }),
      lookAtWatchedReactor(looking),
      lookAtReportedReactor(looking),
      syncReactor(looking),
      refusedRatificationReactor({ writer: streams, clock, onHalted: sayHalted(logger) }),
      endHoldReactor({ writer: streams, store, clock }),
      blockReactor({
        writer: streams,
        clock,
        rings: () => knownRings(streams),
        changedBy: publisherChange(streams),
      }),
    ];
    const host = new ReactorHost(reactors, store, checkpoints, events, onFencedOut);
    const record = scrubRecord(streams, clock, 'worker');
    const scrub = new ScrubSchedule(adapters.scrub, {
      blobs: kept.blobs,
      found: kept.damaged,
      record,
      attachments: {
        reader: adapters.attachments,
        record: scrubRecord(streams, clock, 'worker', ATTACHMENTS_STREAM),
      },
      positions: scrubPositions,
      metrics: scrubMetrics(metrics, () => record.damaged()),
      clock,
      logger,
    });
    const sync = new SyncSchedule(adapters.sync, {
      streams,
      observer,
      positions: adapters.syncPositions,
      metrics: counted,
      clock,
      logger,
    });
    const watched = {
      silence: watchSilence(
        { database: adapters.database, writer: streams, clock },
        logger,
        silenceMetric(metrics),
      ),
      nodeKeys: watchNodeKeys(
        { database: adapters.database, writer: streams, clock },
        logger,
        nodeKeyMetric(metrics),
      ),
      holds: watchHolds({ writer: streams, store, clock }, logger, holdsMetric(metrics)),
      overdueHolds: watchOverdueHolds(
        { writer: streams, clock, offers: upstreamOffers(store), afterDays: adapters.holdReviewDays },
        logger,
        overdueHoldsMetric(metrics),
      ),
      reviews: watchReviews(
        { streams, store, clock, days: adapters.reviewDays },
        logger,
        reviewsMetric(metrics),
      ),
      ratification: watchRatification({ writer: streams, clock }, logger, ratificationMetrics(metrics)),
      verification: watchVerification(adapters.verification, {
        ...adapters.verified,
        record: verificationRecord(streams, clock),
        clock,
        logger,
        metrics: verificationMetrics(metrics, adapters.verification.everyMs),
        verdict: adapters.verdict,
        stopping: adapters.stopping,
      }),
      schedule: watchSchedule({ writer: streams, store, clock }, logger, scheduleMetric(metrics)),
    };
    const watches = Object.entries(watched).map(([name, watching]) => ({
      provide: `watch of ${name}`,
      useValue: new Watch(watching, onFencedOut),
    }));
    return {
      module: WorkerModule,
      providers: [
        { provide: ReactorHost, useValue: host },
        { provide: ScrubSchedule, useValue: scrub },
        { provide: SyncSchedule, useValue: sync },
        { provide: SinkHost, useValue: new SinkHost(keeper, logger) },
        ...watches,
      ],
    };
  }
}
