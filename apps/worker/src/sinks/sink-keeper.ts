import { uuidv7, type CommandContext } from '#kernel';
import { SinkKeeper } from '#notifications/delivery/sink-keeper';
import type { SinkObserver } from '#notifications/delivery/sink-parts';
import { sinks, SINKS_STREAM, type Sink } from '#notifications/domain/sinks/sinks';
import { isFencedOut } from '#platform/lease/errors';
import type { Logger } from '#platform/logging/logger';
import type { Adapters } from '../adapters.js';
import { openSink } from './open-sink.js';
import type { SinkMetrics } from './sink-metrics.js';

/** The worker's sinks: told, counted, logged, and put on record when they fail. */
export function sinkKeeper(
  adapters: Adapters,
  metrics: SinkMetrics,
  logger: Logger,
  onFencedOut: (error: Error) => void,
): SinkKeeper {
  const { store, streams, clock, sinkPositions: positions, sinkSecrets: secrets, wayOut } = adapters;
  const context = (sink: Sink): CommandContext => {
    const id = uuidv7();
    return {
      at: clock.now(),
      actor: { kind: 'service', id: 'worker', for: `sink/${sink.name}` },
      reason: { code: 'sink-health', text: 'What a sink does not take, people are to know of.' },
      cause: id,
      correlation: id,
      authorisedBy: [],
    };
  };
  const observer: SinkObserver = {
    opened({ name }, since) {
      metrics.failing(name, since);
    },
    delivered({ name }, { position }, note) {
      metrics.tried(name, 'delivered');
      metrics.failing(name, null);
      if (note !== undefined)
        logger.warn(
          { sink: name, position: String(position), note },
          'a sink took an event, but not all of it',
        );
    },
    tried({ name }, { position }, { since, refusals, ...trying }) {
      metrics.tried(name, refusals > 0 ? 'refused' : 'failed');
      metrics.failing(name, since);
      logger.warn({ sink: name, position: String(position), ...trying }, 'a sink does not take an event');
    },
    gaveUp({ name }, { position, envelope: { type } }, { why }) {
      metrics.gaveUp(name);
      logger.error({ sink: name, position: String(position), type, why }, 'an event for a sink was given up');
    },
    broke({ name }, error, pauseMs) {
      if (isFencedOut(error)) return onFencedOut(error);
      metrics.tried(name, 'not-sent');
      metrics.broke(name);
      logger.error({ err: error, sink: name, pauseMs }, 'a sink could not be served, it is tried again');
    },
    async failing(sink, since, why) {
      const command = { type: 'NoteFailing', name: sink.name, since, why, context: context(sink) } as const;
      await streams.decideAndAppend(sinks, SINKS_STREAM, command);
    },
    async recovered(sink) {
      const command = { type: 'NoteRecovered', name: sink.name, context: context(sink) } as const;
      await streams.decideAndAppend(sinks, SINKS_STREAM, command);
    },
  };
  return new SinkKeeper({
    store,
    positions,
    observer,
    clock,
    chance: Math.random,
    async sinks() {
      const { state } = await streams.load(sinks, SINKS_STREAM);
      const told = [...state.byName.values()].filter(({ status }) => status === 'active');
      metrics.areTold(told.map(({ name }) => name));
      return state;
    },
    open: (sink) => openSink(sink, { streams, secrets, wayOut, clock }),
  });
}
