import { Gauge, type Registry } from 'prom-client';
import { within } from '#kernel';
import type { Cursor, EventStore } from '#event-store/port';
import { lagBehind, type Lag } from './lag.js';

export interface Follower {
  readonly name: string;
  /** Null: it has taken nothing yet. */
  readonly cursor: Cursor | null;
}

export interface LagMetricsOptions {
  /** Of the metrics: `holdfast_<of>_lag_events` and `holdfast_<of>_lag_seconds`. */
  readonly of: 'projection' | 'reactor';
  readonly store: Pick<EventStore, 'readAll'>;
  readonly followers: () => Promise<readonly Follower[]>;
}

/** A database that is silent must not make the server look dead: Prometheus waits 10 s for all the metrics together. */
const PATIENCE_MS = 2_000;

/** How far each follower is behind the event store. Looked up when somebody asks for the metrics; several at one place are looked up once. */
export function lagMetrics(metrics: Registry, { of, store, followers }: LagMetricsOptions): void {
  const measure = async (): Promise<ReadonlyMap<string, Lag>> => {
    const behind = new Map<Cursor | null, Promise<Lag>>();
    const lags = new Map<string, Lag>();
    for (const { name, cursor } of await followers()) {
      const known = behind.get(cursor) ?? lagBehind(store, cursor, Date.now());
      behind.set(cursor, known);
      lags.set(name, await known);
    }
    return lags;
  };
  // Both gauges are collected at once: they share one measurement.
  let measuring: Promise<ReadonlyMap<string, Lag>> | undefined;
  const shared = (): Promise<ReadonlyMap<string, Lag>> =>
    (measuring ??= within(PATIENCE_MS, measure).finally(() => {
      measuring = undefined;
    }));
  const gauge = (unit: 'events' | 'seconds', help: string): Gauge =>
    new Gauge({
      name: `holdfast_${of}_lag_${unit}`,
      help,
      labelNames: [of],
      registers: [metrics],
      async collect() {
        this.reset();
        // While the database is away or silent nothing is known; that it is away is shown elsewhere.
        const lags = await shared().catch(() => new Map<string, Lag>());
        for (const [name, lag] of lags) this.set({ [of]: name }, lag[unit]);
      },
    });
  gauge('events', `Events that the ${of} has still to take; 1000 stands for that many or more`);
  gauge('seconds', `Age of the oldest event that the ${of} has still to take; 0 when there is none`);
}
