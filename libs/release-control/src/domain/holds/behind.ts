import { RISKS } from '#snap';
import type { ReleaseTarget } from '../../release-target.js';

/** What upstream was seen to have on a channel from a time on, RFC 3339; null: nothing of its own any more. */
export interface OfferChange {
  readonly at: string;
  /** In full: `latest/stable`, `2.0/edge/fix-1`. */
  readonly channel: string;
  readonly architecture: string;
  readonly revision: number | null;
}

/** That a hold is older than what upstream has. Times: RFC 3339, UTC, of when we saw it. */
export interface Behind {
  /** What upstream has now. */
  readonly upstream: string;
  /** Since when upstream has had this or another one that is newer than what is held. */
  readonly since: string;
  /** Since when it is this one. */
  readonly offeredSince: string;
}

/**
 * Since when a hold is older than what a device on its channel would get from upstream: the channel's own release, else that of the branch's risk, else of the next
 * stabler one that is open (protocol page, section 4.1).
 * @param changes in the order in which they were seen @returns null where it is not, or nothing is known
 */
export function behindUpstream(
  target: Pick<ReleaseTarget, 'channel' | 'architecture'>,
  version: string,
  changes: readonly OfferChange[],
): Behind | null {
  const open = new Map<string, number>();
  let behind: Behind | null = null;
  for (const { at, channel, architecture, revision } of changes) {
    if (architecture !== target.architecture) continue;
    if (revision === null) open.delete(channel);
    else open.set(channel, revision);
    const offered = offeredOn(target.channel, open);
    behind = offered === undefined || offered <= Number(version) ? null : next(behind, String(offered), at);
  }
  return behind;
}

/** What a device on the channel would get from upstream by what is open now; undefined: nothing is known, or nothing is open. */
export function offeredNow(
  target: Pick<ReleaseTarget, 'channel' | 'architecture'>,
  releases: Iterable<{ readonly channel: string; readonly architecture: string; readonly revision: number }>,
): string | undefined {
  const open = new Map<string, number>();
  for (const { channel, architecture, revision } of releases)
    if (architecture === target.architecture) open.set(channel, revision);
  return offeredOn(target.channel, open)?.toString();
}

function next(behind: Behind | null, upstream: string, at: string): Behind {
  if (behind === null) return { upstream, since: at, offeredSince: at };
  return behind.upstream === upstream ? behind : { ...behind, upstream, offeredSince: at };
}

function offeredOn(channel: string, open: ReadonlyMap<string, number>): number | undefined {
  const [track = '', risk = ''] = channel.split('/');
  const stabler = RISKS.slice(0, RISKS.findIndex((each) => each === risk) + 1).reverse();
  const places = [channel, ...stabler.map((each) => `${track}/${each}`)];
  return places.flatMap((place) => open.get(place) ?? [])[0];
}
