import { Counter, Gauge, type Registry } from 'prom-client';
import { ALARMING } from '#catalog/domain/upstream-snap/events';
import type { Look } from '#catalog/sync/snap-observer';
import type { SyncPosition } from '#catalog/sync/sync-position';
import type { Clock } from '#kernel';

/** What is counted of looks at upstream. */
export interface SyncMetrics {
  looked(look: Look): void;
  /** A round was given up; who asked for a look is told, and it is not counted. @param code of the error; `internal-error` without one */
  gaveUp(code: string): void;
  watched(snaps: number): void;
  stands(position: SyncPosition): void;
}

/** @param everyMinutes from one round to the next; 0: there are none */
export function syncMetrics(registry: Registry, everyMinutes: number, clock: Clock): SyncMetrics {
  const registers = [registry];
  const looks = new Counter({
    name: 'holdfast_sync_looks_total',
    help: 'Looks at a watched snap upstream that came to an end, by what came of them',
    labelNames: ['outcome'],
    registers,
  });
  for (const outcome of ['unchanged', 'changed', 'failed']) looks.inc({ outcome }, 0);
  const failures = new Counter({
    name: 'holdfast_sync_failures_total',
    help: 'Looks at upstream that failed, by code',
    labelNames: ['code'],
    registers,
  });
  const doings = new Counter({
    name: 'holdfast_publisher_events_total',
    help: 'What a publisher or the store did to a watched snap that a person must look at, by event',
    labelNames: ['event'],
    registers,
  });
  for (const event of ALARMING) doings.inc({ event }, 0);
  const watched = new Gauge({
    name: 'holdfast_watched_snaps',
    help: 'Snaps that are watched, as of the last round',
    registers,
  });
  const began = Date.parse(clock.now());
  let last = began;
  new Gauge({
    name: 'holdfast_sync_age_seconds',
    help: 'Seconds since every watched snap had last been looked at; since the start where that never was; 0 when the schedule is off',
    registers,
    collect() {
      this.set(everyMinutes === 0 ? 0 : Math.max(0, (Date.parse(clock.now()) - last) / 1000));
    },
  });
  new Gauge({
    name: 'holdfast_sync_interval_seconds',
    help: 'Seconds from one look at every watched snap to the next, as it is set; 0 when the schedule is off',
    registers,
  }).set(everyMinutes * 60);
  return {
    looked(look) {
      looks.inc({ outcome: look.outcome });
      if (look.outcome === 'failed') failures.inc({ code: look.code });
      if (look.outcome !== 'changed') return;
      for (const { type } of look.events)
        if ((ALARMING as readonly string[]).includes(type)) doings.inc({ event: type });
    },
    gaveUp: (code) => failures.inc({ code }),
    watched: (snaps) => watched.set(snaps),
    stands({ roundAt }) {
      if (roundAt !== undefined) last = Date.parse(roundAt);
    },
  };
}
