import type { Clock, EventEnvelope } from '#kernel';
import { domainEvent, type StreamWriter } from '#platform/decide-and-append';
import { UpstreamError } from '#upstream/published';
import { upstreamSnap, upstreamSnapStream } from '../../domain/upstream-snap/upstream-snap.js';
import {
  WATCH_LIST_STREAM,
  watchedSnaps,
  watchList,
  type WatchListEvent,
} from '../../domain/watch-list/watch-list.js';
import type { SnapObserver } from '../../sync/snap-observer.js';
import { because } from '../../sync/sync-context.js';

export interface LookReactorPorts {
  readonly writer: StreamWriter;
  readonly observer: Pick<SnapObserver, 'look'>;
  readonly clock: Clock;
  /** Aborted when the worker stops: what fails then is no fact about upstream. */
  readonly signal: AbortSignal;
}

/** A first look at a snap as soon as it is watched. If upstream is away, the schedule's next round is the first. */
export function lookAtWatchedReactor({ writer, observer, clock, signal }: LookReactorPorts) {
  return {
    name: 'look-at-watched-snap',
    async handle({ envelope }: { readonly envelope: EventEnvelope }): Promise<void> {
      if (envelope.stream !== WATCH_LIST_STREAM) return;
      const event = domainEvent<WatchListEvent>(watchList, envelope);
      if (event.type === 'SnapUnwatched' || event.type === 'WatchedSnapIdentified') return;
      const { name } = event.data;
      const { state } = await writer.load(watchList, WATCH_LIST_STREAM);
      const watched = watchedSnaps(state).find((each) => each.name === name);
      if (!watched || (await wasSeen(watched.snapId))) return;
      const reason = { code: 'sync', text: `${name} is watched from now on` };
      try {
        await observer.look(watched, because(envelope, clock, reason));
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof UpstreamError)) throw error;
      }
    },
  };

  async function wasSeen(snapId: string | null): Promise<boolean> {
    if (snapId === null) return false;
    return (await writer.load(upstreamSnap, upstreamSnapStream(snapId))).state.seen !== null;
  }
}
