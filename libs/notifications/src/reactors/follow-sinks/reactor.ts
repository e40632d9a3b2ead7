import type { Reactor } from '#platform/reactor';
import type { SinkKeeper } from '../../delivery/sink-keeper.js';
import { SINKS_STREAM } from '../../domain/sinks/sinks.js';

/** How a sink is, the worker said itself. */
const OWN = ['SinkFailing', 'SinkRecovered'];

/** What people change of the sinks is done at once; how they were at the start is not this reactor's. */
export function followSinksReactor(keeper: Pick<SinkKeeper, 'followHistory'>): Reactor {
  return {
    name: 'follow-sinks',
    async handle({ envelope: { stream, type }, stored }) {
      if (stream === SINKS_STREAM && !OWN.includes(type)) await keeper.followHistory(stored.streamRevision);
    },
  };
}
