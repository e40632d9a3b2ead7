import { upstreamSnap, upstreamSnapStream } from '#catalog/domain/upstream-snap/upstream-snap';
import type { StreamWriter } from '#platform/decide-and-append';
import type { UpstreamReleases } from '#release-control/holds/upstream-releases';

/** What upstream has of a snap, as the catalog recorded it. */
export function upstreamReleases(streams: StreamWriter): UpstreamReleases {
  return async (snapId) => {
    const { seen } = (await streams.load(upstreamSnap, upstreamSnapStream(snapId))).state;
    return seen === null ? [] : [...seen.channels.values()];
  };
}
