import { hostname } from 'node:os';
import { performance } from 'node:perf_hooks';
import { decodeEvent, systemClock } from '#kernel';
import type { EventStoreKind } from '#event-store/event-store-kind';
import type { StreamWriter } from '#platform/decide-and-append';
import type { Logger } from '#platform/logging/logger';
import { readTimeSynchronisation } from '#platform/time-synchronisation/read-time-synchronisation';
import { ClockKeeper } from './clock-keeper.js';

/** What asks the database that the events are in, where they are in one. */
type Ask = (text: string) => Promise<readonly { readonly bytes: Buffer }[]>;

/** Keeps watch over this process's clock, until it is stopped. @param ask with a role that may read events */
export function keepClock(
  server: string,
  streams: StreamWriter,
  store: EventStoreKind,
  ask: Ask,
  logger: Logger,
): ClockKeeper {
  return ClockKeeper.start({
    of: { server, host: hostname() },
    streams,
    clock: systemClock,
    monotonicMs: () => performance.now(),
    synchronisation: readTimeSynchronisation,
    newestAt: async () => {
      // EventStoreDB is not asked for its newest event.
      if (store !== 'postgresql') return null;
      const [newest] = await ask('select bytes from events.event order by position desc limit 1');
      return newest ? decodeEvent(newest.bytes).at : null;
    },
    logger,
  });
}
