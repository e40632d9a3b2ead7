import type { UpstreamSnapEvent } from '#catalog/domain/upstream-snap/events';
import { upstreamSnap, upstreamSnapStream } from '#catalog/domain/upstream-snap/upstream-snap';
import type { EventEnvelope } from '#kernel';
import { domainEvent, type StreamWriter } from '#platform/decide-and-append';

const UPSTREAM_SNAP = upstreamSnapStream('');

/** The snap that an event is about, when it says something that can make a ring block it. */
export function publisherChange(streams: StreamWriter) {
  return async (envelope: EventEnvelope) => {
    if (!envelope.stream.startsWith(UPSTREAM_SNAP)) return undefined;
    if (!blocks(domainEvent<UpstreamSnapEvent>(upstreamSnap, envelope))) return undefined;
    const { state } = await streams.load(upstreamSnap, envelope.stream);
    return state.seen ? { format: 'snap', subject: state.seen.snapId, name: state.seen.name } : undefined;
  };
}

/** A closed channel says nothing against what is held, nor does a revision that went which nobody holds. */
function blocks({ type, data }: UpstreamSnapEvent): boolean {
  switch (type) {
    case 'DeclarationRevoked':
    case 'PublisherChanged':
    case 'SigningKeysChanged':
      return true;
    case 'RevisionVanished':
      return data.held;
    case 'SnapFirstSeen':
    case 'ChannelsListed':
    case 'ChannelReleased':
    case 'ChannelClosed':
    case 'RevisionSeen':
    case 'RevisionReturned':
    case 'DeclarationChanged':
    case 'SnapRenamed':
    case 'ObservationFailed':
    case 'ObservationRecovered':
      return false;
  }
}
