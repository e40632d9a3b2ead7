import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { EventStoreKind } from '#event-store/event-store-kind';
import { EventStoreError, type EventStore } from '#event-store/port';
import { ProjectionProgress, type ProjectionCheckpoint } from '#platform/at-least/projection-progress';
import { silentSinks } from '#notifications/published';
import type { StreamWriter } from '#platform/decide-and-append';
import type { ReadModels } from '#platform/http/read-models';
import type { Verification } from '#ledger/domain/verification/verification';
import { readable } from '#ledger/verifier/verification-record';
import { EVENT_STORE, READ_MODELS, STREAM_WRITER } from '#platform/tokens';
import { CLOCK_STREAM, clock, type Synchronisation } from '#site/domain/clock';
import { countedPosition, headPosition } from './next-position.js';
import { SITE, type Site } from './site.js';

export interface ProjectionStatus {
  readonly name: string;
  readonly version: number;
  /** Of the newest event that it shows; null before the first. */
  readonly position: string | null;
  /** How many events it has still to take. */
  readonly lag: string;
}

export interface Status {
  readonly site: { readonly origin: string };
  /** Of the newest event; null before the first. */
  readonly position: string | null;
  readonly projections: readonly ProjectionStatus[];
  readonly evaluationDatabase: boolean;
  readonly eventStore: EventStoreStatus;
  /** Names of sinks that take nothing; null: what is recorded of them cannot be read. */
  readonly failingSinks: readonly string[] | null;
  /** As {@link failingSinks}. */
  readonly pausedSinks: readonly string[] | null;
  /** What the worker's verifier has recorded of ledger and events. */
  readonly ledger: Verification;
  /** What is known of the clocks that events are stamped by: those that were noted last; null: it cannot be read. */
  readonly clocks: readonly ClockStatus[] | null;
}

export interface ClockStatus {
  readonly server: string;
  readonly host: string;
  readonly synchronisation: Synchronisation['state'];
  /** Who says so. */
  readonly source: string;
  /** When that was noted. RFC 3339, UTC. */
  readonly since: string;
}

export interface EventStoreStatus {
  readonly kind: EventStoreKind;
  /** Until it ran against a real server. */
  readonly experimental: boolean;
}

export class ShowStatus extends Query<Status> {}

@QueryHandler(ShowStatus)
export class ShowStatusHandler implements IQueryHandler<ShowStatus> {
  constructor(
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
    private readonly progress: ProjectionProgress,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
    @Inject(SITE) private readonly site: Site,
  ) {}

  async execute(): Promise<Status> {
    // The checkpoints first: what is appended meanwhile makes a projection look late, never early.
    const checkpoints = await this.progress.checkpoints();
    const next = await this.nextPosition(checkpoints);
    const silent = await unlessDamaged(silentSinks(this.streams));
    return {
      site: { origin: this.site.origin },
      position: before(next),
      projections: checkpoints.map(({ name, version, nextPosition }) => {
        const taken = BigInt(nextPosition);
        return { name, version, position: before(taken), lag: String(next > taken ? next - taken : 0n) };
      }),
      evaluationDatabase: this.site.evaluationDatabase,
      eventStore: { kind: this.site.eventStore, experimental: this.site.eventStore === 'eventstoredb' },
      failingSinks: silent?.failing ?? null,
      pausedSinks: silent?.paused ?? null,
      ledger: (await readable(this.streams)).state,
      clocks: await unlessDamaged(this.clocks()),
    };
  }

  private async clocks(): Promise<readonly ClockStatus[]> {
    const { state } = await this.streams.load(clock, CLOCK_STREAM);
    return [...state.values()].map(
      ({ server, host, synchronisation: { state: synchronisation, source }, at }) => ({
        server,
        host,
        synchronisation,
        source,
        since: at,
      }),
    );
  }

  private nextPosition(checkpoints: readonly ProjectionCheckpoint[]): Promise<bigint> {
    switch (this.site.eventStore) {
      case 'postgresql':
        return headPosition(this.readModels);
      case 'eventstoredb':
        return countedPosition(this.store, checkpoints);
    }
  }
}

/** Null for a record that is damaged, of which the verifier tells: the rest of the answer is told all the same. @throws EventStoreError */
async function unlessDamaged<T>(read: Promise<T>): Promise<T | null> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof EventStoreError) throw error;
    return null;
  }
}

function before(position: bigint): string | null {
  return position === 0n ? null : String(position - 1n);
}
