import pg from 'pg';
import { ScrubPositions } from '#catalog/scrub/scrub-position';
import type { ObservePorts } from '#catalog/sync/observe-snap';
import { SyncPositions } from '#catalog/sync/sync-position';
import { systemClock, type Clock } from '#kernel';
import type { EventStore } from '#event-store/port';
import { rowsFrom } from '#event-store/postgres/rows-from';
import { readLinkedAccounts } from '#identity/published';
import type { Fence } from '#platform/lease/fence';
import { StreamWriter } from '#platform/decide-and-append';
import type { ReactorCheckpoints } from '#platform/reactor';
import { SinkPositions } from '#notifications/delivery/sink-positions';
import { SinkSecrets } from '#notifications/secrets/sink-secrets';
import { PostgresReactorCheckpoints } from '#platform/reactor-checkpoints';
import type { CapturePort } from '#release-control/reactors/capture-submitted-change/capture-port';
import type { ReviewDays } from '#reviews/domain/kinds';
import { reviewDaysOf } from '#reviews/review-days';
import {
  HttpUpstreamStore,
  MeasuredUpstreamStore,
  readWayOut,
  upstreamSettings,
  type WayOut,
} from '#upstream/published';
import type { WorkerConfig } from './config.js';
import { filesystemLogReader } from '#ledger/published';
import { openKept, type Kept } from './kept.js';
import { AttachmentReader } from '#release-control/attachments/attachment-reader';
import type { ScrubSettings } from './scrub/scrub-schedule.js';
import { SnapCapture } from './snap-capture.js';
import { readSinksKey } from './sinks/read-sinks-key.js';
import type { SyncSettings } from './sync/sync-schedule.js';
import { readTrustRoots } from '#catalog/trust-roots';
import { readLedgerVkey } from '#site/own-store/open-own-store';
import { noteVerifier } from '#tlog';
import { CountedEvents } from './verification/counted-events.js';
import type { Verdict, VerificationParts, VerificationSettings } from './verification/verification-watch.js';
import type { WorkerEvents } from './worker-events.js';

/** What the worker reaches the world through. */
export interface Adapters {
  readonly store: EventStore;
  readonly streams: StreamWriter;
  readonly checkpoints: ReactorCheckpoints;
  readonly kept: Kept;
  readonly capture: CapturePort;
  readonly scrub: ScrubSettings;
  readonly scrubPositions: ScrubPositions;
  readonly attachments: AttachmentReader;
  /** Days. */
  readonly holdReviewDays: number;
  readonly reviewDays: ReviewDays;
  readonly verification: VerificationSettings;
  /** What is verified, and only read. */
  readonly verified: Pick<VerificationParts, 'first' | 'second' | 'verifier' | 'stored' | 'counted'>;
  readonly verdict: Verdict;
  readonly observe: ObservePorts;
  readonly sync: SyncSettings;
  readonly syncPositions: SyncPositions;
  readonly sinkPositions: SinkPositions;
  /** Undefined: the worker was not given the key. */
  readonly sinkSecrets: SinkSecrets | undefined;
  readonly wayOut: WayOut;
  /** Aborted by {@link stop}: what fails after it is no fact about the world. */
  readonly stopping: AbortSignal;
  readonly clock: Clock;
  /** The worker's own database role: how far it is. */
  readonly database: Pick<pg.Pool, 'query'>;
  /** Ends what may take long, so that the application can stop. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

const SYNC_PACE_MS = 1_000;
const VERIFY_NEW_MS = 5 * 60_000;
const HOUR_MS = 3_600_000;

/**
 * Opens the kept blobs, which only the holder of the lease may; nothing else connects before it is used.
 * @param fence what is saved is checked against
 * @throws Error for trust roots that can't be read
 */
export async function openAdapters(
  config: WorkerConfig,
  store: EventStore,
  fence: Fence,
  events: WorkerEvents,
  clock: Clock = systemClock,
): Promise<Adapters> {
  const roots = await readTrustRoots(config.trustRootsDir);
  const kept = await openKept(config);
  const pool = workerPool(config.databaseUrl);
  const wayOut = await readWayOut(config);
  const http = new HttpUpstreamStore(
    upstreamSettings(config.upstreamUrl, config.upstreamOrigins, {}, wayOut),
  );
  const upstream = new MeasuredUpstreamStore(http, events.upstreamAsked);
  const sinksKey = await readSinksKey(config.sinksKeyFile);
  const { architectures } = config;
  const stopping = new AbortController();
  const capture = new SnapCapture({ upstream, kept: kept.blobs, roots, architectures, clock });
  return {
    store,
    streams: new StreamWriter(store, config.zone, readLinkedAccounts),
    checkpoints: new PostgresReactorCheckpoints(pool, fence),
    kept,
    capture,
    scrub: { everyMinutes: config.scrubEveryMinutes, sliceBytes: config.scrubSliceMib * 1024 * 1024 },
    scrubPositions: new ScrubPositions(pool, fence),
    attachments: new AttachmentReader(pool),
    holdReviewDays: config.holdReviewDays,
    reviewDays: reviewDaysOf(config),
    verification: { everyMs: config.verifyEveryHours * HOUR_MS, lookMs: VERIFY_NEW_MS },
    verified: {
      first: filesystemLogReader(config.ledgerDir),
      second: filesystemLogReader(config.ledgerSecondDir),
      verifier: noteVerifier(await readLedgerVkey(config.ledgerVkeyFile)),
      stored: eventsOf(config, store, pool),
      counted: config.eventStoreUrl !== undefined,
    },
    verdict: { says: undefined },
    observe: { upstream, roots, architectures, clock },
    sync: { everyMinutes: config.syncEveryMinutes, paceMs: SYNC_PACE_MS },
    syncPositions: new SyncPositions(pool, fence),
    sinkPositions: new SinkPositions(pool, fence),
    sinkSecrets: sinksKey && new SinkSecrets(pool, sinksKey),
    wayOut,
    stopping: stopping.signal,
    clock,
    database: pool,
    async stop() {
      stopping.abort(new Error('the worker is stopping'));
      capture.stop();
      await http.close();
    },
    async close() {
      await Promise.all([store.close(), pool.end()]);
      await kept.close();
    },
  };
}

function eventsOf(
  { eventStoreUrl }: WorkerConfig,
  store: EventStore,
  pool: pg.Pool,
): VerificationParts['stored'] {
  if (eventStoreUrl === undefined) return (from) => rowsFrom(pool, from);
  const counted = new CountedEvents(store);
  return (from) => counted.from(from);
}

function workerPool(connectionString: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    max: 2,
    connectionTimeoutMillis: 10_000,
    statement_timeout: 10_000,
    query_timeout: 12_000,
  });
  // An idle connection that breaks is replaced when the next one is asked for.
  pool.on('error', () => undefined);
  return pool;
}
