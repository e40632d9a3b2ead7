import { upstreamSnapStream } from '#catalog/domain/upstream-snap/upstream-snap';
import type { UpstreamSnapEvent } from '#catalog/domain/upstream-snap/events';
import { decodeEvent } from '#kernel';
import type { EventStore } from '#event-store/port';
import type { OfferChange } from '#release-control/domain/holds/behind';

/** What upstream was seen to have of a snap, as the catalog recorded it. */
export function upstreamOffers(store: Pick<EventStore, 'readStream'>) {
  return async (snapId: string): Promise<readonly OfferChange[]> => {
    const changes: OfferChange[] = [];
    for await (const { bytes } of store.readStream(upstreamSnapStream(snapId))) {
      const { at, type, data } = decodeEvent(bytes);
      // What is in the stream is of the catalog's decider.
      changes.push(
        ...changesOf({ type, data } as unknown as UpstreamSnapEvent).map((each) => ({ at, ...each })),
      );
    }
    return changes;
  };
}

function changesOf(event: UpstreamSnapEvent): readonly Omit<OfferChange, 'at'>[] {
  if (event.type === 'ChannelsListed')
    return event.data.releases.map(({ channel, architecture, revision }) => ({
      channel,
      architecture,
      revision,
    }));
  if (event.type === 'ChannelReleased') {
    const { channel, architecture, new: released } = event.data;
    return [{ channel, architecture, revision: released.revision }];
  }
  if (event.type !== 'ChannelClosed') return [];
  const { channel, architecture } = event.data;
  return [{ channel, architecture, revision: null }];
}
