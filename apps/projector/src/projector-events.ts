import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { Logger } from '#platform/logging/logger';
import type { ProjectorProgress } from './projector-progress.js';

/** The one place where what happens in the projector is logged and counted; `seen` is told as well. */
export function projectorEvents(
  logger: Logger,
  metrics: Registry,
  ledgerDir: string,
  seen: ProjectorProgress,
): ProjectorProgress {
  const projected = new Counter({
    name: 'holdfast_projected_events_total',
    help: 'Events that were sealed and projected since the start; the first start of all goes through the whole history',
    registers: [metrics],
  });
  const position = new Gauge({
    name: 'holdfast_projected_position',
    help: 'The position of the next event that the projector will take',
    registers: [metrics],
  });
  const failures = new Counter({
    name: 'holdfast_projection_failures_total',
    help: 'How often the projector could not go on and tried again',
    registers: [metrics],
  });
  checkpointMetrics(metrics, ledgerDir);
  let following = false;
  return {
    leaseHeld: (epoch) => {
      seen.leaseHeld(epoch);
      logger.info({ epoch: String(epoch) }, 'this is the one projector');
    },
    taken: (next, events) => {
      seen.taken(next, events);
      projected.inc(events.length);
      position.set(Number(next));
      // Not while it goes through what happened long ago.
      if (!following) return;
      for (const { position: at, envelope } of events)
        logger.info(
          { requestId: envelope.correlation, position: String(at), type: envelope.type },
          'remembered',
        );
    },
    caughtUp: (next) => {
      following = true;
      seen.caughtUp(next);
      logger.info({ position: String(next) }, 'caught up');
    },
    rebuilds: (names) => {
      seen.rebuilds(names);
      logger.info({ names }, 'rebuilds read models');
    },
    rebuildWaits: (names, readers) => {
      seen.rebuildWaits(names, readers);
      logger.warn({ names, readers }, 'a rebuild waits for transactions that read to end');
    },
    rebuildEnded: () => seen.rebuildEnded(),
    failed: (at, err, pauseMs) => {
      seen.failed(at, err, pauseMs);
      failures.inc();
      logger.error({ err, position: String(at), pauseMs }, 'could not project; will try again');
    },
  };
}

/** Read from where auditors read it: what is shown is what is there. */
function checkpointMetrics(metrics: Registry, ledgerDir: string): void {
  const file = path.join(ledgerDir, 'checkpoint');
  new Gauge({
    name: 'holdfast_checkpoint_age_seconds',
    help: 'How long ago the last checkpoint was sealed. A site where nothing happens seals nothing',
    registers: [metrics],
    async collect() {
      const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: NaN }));
      this.set(Math.max(0, (Date.now() - mtimeMs) / 1000));
    },
  });
  new Gauge({
    name: 'holdfast_checkpoint_size',
    help: 'How many events the last checkpoint seals',
    registers: [metrics],
    async collect() {
      const text = await readFile(file, 'utf8').catch(() => '');
      this.set(Number(text.split('\n')[1] ?? NaN));
    },
  });
}
