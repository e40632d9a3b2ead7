import { Counter, Gauge, type Registry } from 'prom-client';
import type { Clock } from '#kernel';

/** What of sinks is counted, by the sink's name. */
export interface SinkMetrics {
  tried(sink: string, outcome: 'delivered' | 'failed' | 'refused' | 'not-sent'): void;
  gaveUp(sink: string): void;
  /** @param since RFC 3339; null: it takes what it is told */
  failing(sink: string, since: string | null): void;
  /** It cannot be served, from now on if it could before. */
  broke(sink: string): void;
  /** These are told, and no others: one that is paused takes nothing, and does not fail. */
  areTold(sinks: readonly string[]): void;
}

export function sinkMetrics(registry: Registry, clock: Clock): SinkMetrics {
  const tries = new Counter({
    name: 'holdfast_sink_tries_total',
    help: 'Tries to tell a sink of an event, by what came of it; not-sent: for a reason of ours',
    labelNames: ['sink', 'outcome'],
    registers: [registry],
  });
  const letters = new Counter({
    name: 'holdfast_sink_dead_letters_total',
    help: 'Events that a sink was not told of, since they were given up',
    labelNames: ['sink'],
    registers: [registry],
  });
  const since = new Map<string, string | null>();
  new Gauge({
    name: 'holdfast_sink_failing_seconds',
    help: 'Seconds since the first try of the event that a sink does not take; 0 while it takes what it is told',
    labelNames: ['sink'],
    registers: [registry],
    collect() {
      this.reset();
      const now = Date.parse(clock.now());
      for (const [sink, from] of since)
        this.set({ sink }, from === null ? 0 : Math.max(0, (now - Date.parse(from)) / 1000));
    },
  });
  return {
    tried: (sink, outcome) => tries.inc({ sink, outcome }),
    gaveUp: (sink) => letters.inc({ sink }),
    // Of one that is told no more, the last try may end only now.
    failing: (sink, from) => void (since.has(sink) && since.set(sink, from)),
    broke: (sink) => void (since.has(sink) && since.set(sink, since.get(sink) ?? clock.now())),
    areTold(sinks) {
      for (const sink of sinks) {
        letters.inc({ sink }, 0);
        if (!since.has(sink)) since.set(sink, null);
      }
      for (const sink of since.keys()) if (!sinks.includes(sink)) since.delete(sink);
    },
  };
}
