import type { Released, UpstreamSnapEvent } from './events.js';
import { releaseKey, type Declaration, type Release } from './observation.js';

/** What is known of a revision that was asked for by its number. */
export interface RevisionState {
  readonly architecture: string;
  readonly version: string | null;
  readonly offered: boolean;
}

/** A snap as it was last seen. */
export interface SeenSnap {
  readonly snapId: string;
  readonly name: string;
  readonly publisher: string;
  readonly declaration: Declaration;
  readonly signingKeys: readonly string[];
  /** What is open, by {@link releaseKey}. */
  readonly channels: ReadonlyMap<string, Release>;
  readonly revisions: ReadonlyMap<number, RevisionState>;
}

export interface UpstreamSnap {
  /** Null before the first look that succeeded. */
  readonly seen: SeenSnap | null;
  /** The code that the last look failed with, if it did. */
  readonly failure: string | null;
}

export const unseen: UpstreamSnap = { seen: null, failure: null };

export function evolve(state: UpstreamSnap, event: UpstreamSnapEvent): UpstreamSnap {
  switch (event.type) {
    case 'SnapFirstSeen':
      return { ...state, seen: { ...event.data, channels: new Map(), revisions: new Map() } };
    case 'ObservationFailed':
      return { ...state, failure: event.data.code };
    case 'ObservationRecovered':
      return { ...state, failure: null };
    case 'ChannelsListed':
    case 'ChannelReleased':
    case 'ChannelClosed':
    case 'RevisionSeen':
    case 'RevisionVanished':
    case 'RevisionReturned':
    case 'DeclarationChanged':
    case 'DeclarationRevoked':
    case 'PublisherChanged':
    case 'SigningKeysChanged':
    case 'SnapRenamed':
      // Nothing of these is said before the snap was seen.
      return state.seen === null ? state : { ...state, seen: evolveSeen(state.seen, event) };
  }
}

type OfSeen = Exclude<
  UpstreamSnapEvent,
  { type: 'SnapFirstSeen' | 'ObservationFailed' | 'ObservationRecovered' }
>;

function evolveSeen(seen: SeenSnap, event: OfSeen): SeenSnap {
  switch (event.type) {
    case 'ChannelsListed':
      return { ...seen, channels: withReleases(seen.channels, event.data.releases) };
    case 'ChannelReleased':
      return released(seen, event.data);
    case 'ChannelClosed': {
      const channels = new Map(seen.channels);
      channels.delete(releaseKey(event.data));
      return { ...seen, channels };
    }
    case 'RevisionSeen':
    case 'RevisionReturned':
      return withRevision(seen, { ...event.data, offered: true });
    case 'RevisionVanished':
      return withRevision(seen, { ...event.data, offered: false });
    case 'DeclarationChanged':
    case 'DeclarationRevoked':
      return { ...seen, declaration: event.data.new };
    case 'PublisherChanged':
      return { ...seen, publisher: event.data.new };
    case 'SigningKeysChanged':
      return { ...seen, signingKeys: event.data.new };
    case 'SnapRenamed':
      return { ...seen, name: event.data.new };
  }
}

function released(
  seen: SeenSnap,
  data: { readonly channel: string; readonly architecture: string; readonly new: Released },
): SeenSnap {
  const { channel, architecture } = data;
  const now = { ...seen, channels: withReleases(seen.channels, [{ channel, architecture, ...data.new }]) };
  const { revision, version } = data.new;
  return seen.revisions.has(revision)
    ? withRevision(now, { revision, architecture, version, offered: true })
    : now;
}

function withReleases(
  channels: ReadonlyMap<string, Release>,
  releases: readonly Release[],
): ReadonlyMap<string, Release> {
  const now = new Map(channels);
  for (const release of releases) now.set(releaseKey(release), release);
  return now;
}

function withRevision(
  seen: SeenSnap,
  { revision, architecture, version, offered }: RevisionState & { readonly revision: number },
): SeenSnap {
  const revisions = new Map(seen.revisions).set(revision, { architecture, version, offered });
  return { ...seen, revisions };
}
