import type { Released, UpstreamSnapEvent } from './events.js';
import { releaseKey, type Observation, type Release, type RevisionLook } from './observation.js';
import type { SeenSnap } from './state.js';

/** Everything that is not as it was last seen, each difference an event of its own. */
export function differences(seen: SeenSnap, observation: Observation): UpstreamSnapEvent[] {
  return [
    ...declarationDifferences(seen, observation),
    ...channelDifferences(seen, observation),
    ...revisionDifferences(seen, observation.revisions),
  ];
}

/** An older declaration than one that was seen is a copy that lags, as snapd takes it: it, and what follows from it, says nothing. */
function declarationDifferences(seen: SeenSnap, now: Observation): UpstreamSnapEvent[] {
  const { declaration: old } = seen;
  if (now.declaration.revision < old.revision) return [];
  const events: UpstreamSnapEvent[] = [];
  const data = { old, new: now.declaration };
  if (now.declaration.revoked && !old.revoked) events.push({ type: 'DeclarationRevoked', data });
  else if (now.declaration.revision !== old.revision || now.declaration.sha256 !== old.sha256)
    events.push({ type: 'DeclarationChanged', data });
  if (now.publisher !== seen.publisher)
    events.push({ type: 'PublisherChanged', data: { old: seen.publisher, new: now.publisher } });
  if (now.signingKeys.join() !== seen.signingKeys.join())
    events.push({ type: 'SigningKeysChanged', data: { old: seen.signingKeys, new: now.signingKeys } });
  if (now.name !== seen.name) events.push({ type: 'SnapRenamed', data: { old: seen.name, new: now.name } });
  return events;
}

function channelDifferences(seen: SeenSnap, { releases, architectures }: Observation): UpstreamSnapEvent[] {
  if (releases === null) return [];
  const open = new Map(releases.map((release) => [releaseKey(release), release]));
  const closed = [...seen.channels.values()].filter(
    (release) => architectures.includes(release.architecture) && !open.has(releaseKey(release)),
  );
  return [
    ...closed.map(({ channel, architecture, ...old }): UpstreamSnapEvent => ({
      type: 'ChannelClosed',
      data: { channel, architecture, old },
    })),
    ...releases.flatMap((release): UpstreamSnapEvent[] => {
      const old = seen.channels.get(releaseKey(release));
      // The same revision released once more, at another time, is what devices have already.
      if (old?.revision === release.revision) return [];
      const { channel, architecture } = release;
      const data = { channel, architecture, old: old ? releasedOf(old) : null, new: releasedOf(release) };
      return [{ type: 'ChannelReleased', data }];
    }),
  ];
}

function releasedOf({ revision, version, releasedAt }: Release): Released {
  return { revision, version, releasedAt };
}

/** Also for a first look: a held revision that was never seen is said to be there, or to have vanished since it was captured. */
export function revisionDifferences(
  seen: Pick<SeenSnap, 'channels' | 'revisions'>,
  looks: readonly RevisionLook[],
): UpstreamSnapEvent[] {
  return looks.flatMap((look): UpstreamSnapEvent[] => {
    const { revision, architecture, offered, held } = look;
    const known = seen.revisions.get(revision);
    const version = look.version ?? known?.version ?? versionOnMap(seen, revision);
    const data = { revision, architecture, version };
    if (!offered)
      return known?.offered === false ? [] : [{ type: 'RevisionVanished', data: { ...data, held } }];
    if (known?.offered === false) return [{ type: 'RevisionReturned', data }];
    return known === undefined && held ? [{ type: 'RevisionSeen', data }] : [];
  });
}

function versionOnMap({ channels }: Pick<SeenSnap, 'channels'>, revision: number): string | null {
  return [...channels.values()].find((release) => release.revision === revision)?.version ?? null;
}
