import { shortChannel } from '../catalogue/channel-name.js';
import type { SnapShelf } from '../catalogue/snap-shelf.js';
import { revisionDetails, snapDetails, type JsonObject, type Rendering } from './snap-object.js';

/** A snap with its channel map (protocol page §5.1), of one architecture or of all. */
export function infoAnswer(
  shelf: SnapShelf,
  architecture: string | undefined,
  rendering: Rendering,
): JsonObject {
  const { name, snapId } = shelf.identity;
  return {
    'channel-map': channelMap(shelf, architecture, rendering),
    'default-track': shelf.defaultTrack,
    name,
    snap: snapDetails(shelf),
    'snap-id': snapId,
  };
}

function channelMap(shelf: SnapShelf, architecture: string | undefined, rendering: Rendering): JsonObject[] {
  return shelf.channels.all().flatMap((release) => {
    const revision = shelf.find(release.revision);
    if (revision === undefined) return [];
    if (architecture !== undefined && release.architecture !== architecture) return [];
    const [track, risk] = release.channel.split('/');
    const channel = {
      architecture: release.architecture,
      name: shortChannel(release.channel),
      'released-at': release.at,
      risk,
      track,
    };
    return [{ channel, ...revisionDetails(shelf, revision, rendering) }];
  });
}
