import { statedBefore, type StatedBeforeIn } from '#kernel';
import type { Released, UpstreamSnapEvent } from './events.js';
import { releaseKey, type Declaration } from './observation.js';
import type { UpstreamSnap } from './state.js';

/** What events about a snap upstream say was before them (R03). */
export const statedOfUpstreamSnap: StatedBeforeIn<UpstreamSnapEvent, UpstreamSnap> = {
  SnapFirstSeen: null,
  ChannelsListed: null,
  ChannelReleased: (data, state) => [statedBefore('old', data.old, releasedIn(state, data))],
  ChannelClosed: (data, state) => [statedBefore('old', data.old, releasedIn(state, data))],
  RevisionSeen: null,
  RevisionVanished: null,
  RevisionReturned: null,
  DeclarationChanged: ({ old }, { seen }) => [statedBefore('old', old, seen?.declaration)],
  DeclarationRevoked: ({ old, new: now }, { seen }) => [
    statedBefore('old', old, atFirstSight(seen?.declaration, now) ? null : seen?.declaration),
  ],
  PublisherChanged: ({ old }, { seen }) => [statedBefore('old', old, seen?.publisher)],
  SigningKeysChanged: ({ old }, { seen }) => [statedBefore('old', old, seen?.signingKeys)],
  SnapRenamed: ({ old }, { seen }) => [statedBefore('old', old, seen?.name)],
  ObservationFailed: null,
  ObservationRecovered: ({ from }, { failure }) => [statedBefore('from', from, failure)],
};

function releasedIn(
  { seen }: UpstreamSnap,
  place: { readonly channel: string; readonly architecture: string },
): Released | undefined {
  const release = seen?.channels.get(releaseKey(place));
  if (!release) return undefined;
  const { revision, version, releasedAt } = release;
  return { revision, version, releasedAt };
}

/** It was revoked already when it was first seen, which that event says as well. */
function atFirstSight(held: Declaration | undefined, now: Declaration): boolean {
  return held?.revoked === true && held.sha256 === now.sha256;
}
