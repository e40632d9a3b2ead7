import { fullChannel, shortChannel } from '../catalogue/channel-name.js';
import type { Release } from '../catalogue/channel-map.js';
import type { SnapShelf } from '../catalogue/snap-shelf.js';
import { FEATURED } from '../content/featured.js';
import { revisionDetails, snapDetails, type JsonObject, type Rendering } from './snap-object.js';

export interface Wanted {
  /** Words; each must stand in the snap's name or summary. */
  readonly q: string | undefined;
  /** The beginning of a name. */
  readonly name: string | undefined;
  /** Undefined for all. */
  readonly category: string | undefined;
  /** Without one the search is wide: each snap in the stablest channel that it has. */
  readonly channel: string | undefined;
  readonly architecture: string;
}

/** The snaps that a search finds (protocol page §5.2). @throws SandboxError `bad-request` for what is no channel */
export function findAnswer(snaps: readonly SnapShelf[], wanted: Wanted, rendering: Rendering): JsonObject {
  const results = snaps
    .filter((shelf) => matches(shelf, wanted))
    .flatMap((shelf) => found(shelf, wanted, rendering));
  return { results };
}

function matches({ identity }: SnapShelf, { q, name, category }: Wanted): boolean {
  if (category !== undefined && !isIn(category, identity.name)) return false;
  if (name !== undefined && !identity.name.startsWith(name)) return false;
  const text = `${identity.name} ${identity.summary}`.toLowerCase();
  const words = (q ?? '').toLowerCase().split(/\s+/);
  return words.every((word) => text.includes(word));
}

function isIn(category: string, name: string): boolean {
  return category === FEATURED.name && FEATURED.snaps.includes(name);
}

function found(shelf: SnapShelf, wanted: Wanted, rendering: Rendering): JsonObject[] {
  const release = releaseFor(shelf, wanted);
  const revision = release && shelf.find(release.revision);
  if (release === undefined || revision === undefined) return [];
  return [
    {
      name: shelf.identity.name,
      'snap-id': shelf.identity.snapId,
      snap: snapDetails(shelf),
      revision: { channel: shortChannel(release.channel), ...revisionDetails(shelf, revision, rendering) },
    },
  ];
}

function releaseFor(shelf: SnapShelf, { channel, architecture }: Wanted): Release | undefined {
  return channel === undefined
    ? shelf.channels.all().find((release) => release.architecture === architecture)
    : shelf.channels.resolve(fullChannel(channel, shelf.defaultTrack ?? 'latest'), architecture);
}
