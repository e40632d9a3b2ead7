import { upstreamSnap, upstreamSnapStream } from '#catalog/domain/upstream-snap/upstream-snap';
import type { UpstreamSnapEvent } from '#catalog/domain/upstream-snap/events';
import { decodeEvent } from '#kernel';
import type { EventStore } from '#event-store/port';
import { domainEvent } from '#platform/decide-and-append';
import type { OfferChange } from '#release-control/domain/holds/behind';

/** What upstream was seen to have of a snap, as the catalog recorded it. Throws an Error for an event of a later release. */
export function upstreamOffers(store: Pick<EventStore, 'readStream'>) {
  return async (snapId: string): Promise<readonly OfferChange[]> => {
    const changes: OfferChange[] = [];
    for await (const { bytes } of store.readStream(upstreamSnapStream(snapId))) {
      const envelope = decodeEvent(bytes);
      const event = domainEvent<UpstreamSnapEvent>(upstreamSnap, envelope);
      changes.push(...changesOf(event).map((each) => ({ at: envelope.at, ...each })));
    }
    return changes;
  };
}

function changesOf({ type, data }: UpstreamSnapEvent): readonly Omit<OfferChange, 'at'>[] {
  switch (type) {
    case 'ChannelsListed':
      return data.releases.map(({ channel, architecture, revision }) => ({
        channel,
        architecture,
        revision,
      }));
    case 'ChannelReleased': {
      const { channel, architecture, new: released } = data;
      return [{ channel, architecture, revision: released.revision }];
    }
    case 'ChannelClosed': {
      const { channel, architecture } = data;
      return [{ channel, architecture, revision: null }];
    }
    case 'SnapFirstSeen':
    case 'RevisionSeen':
    case 'RevisionVanished':
    case 'RevisionReturned':
    case 'DeclarationChanged':
    case 'DeclarationRevoked':
    case 'PublisherChanged':
    case 'SigningKeysChanged':
    case 'SnapRenamed':
    case 'ObservationFailed':
    case 'ObservationRecovered':
      return [];
  }
}
