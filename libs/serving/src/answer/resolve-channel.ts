import { fullChannel, namesTrack, parseChannel, shortChannel } from '#snap';

export interface ResolvedChannel {
  /** `track/risk[/branch]` */
  readonly full: string;
  /** Whether the snap's default track was put in, for want of one in the request (protocol page, 4.2 `redirect-channel`). */
  readonly redirected: boolean;
}

/**
 * The channel that a request means. None at all means stable.
 * @param defaultTrack of the snap, as far as known
 * @throws SnapError `malformed-channel`
 */
export function resolveChannel(asked: string | undefined, defaultTrack: string | undefined): ResolvedChannel {
  const text = asked ?? 'stable';
  const redirected = !namesTrack(text) && defaultTrack !== undefined && defaultTrack !== 'latest';
  return { full: fullChannel(parseChannel(text, defaultTrack)), redirected };
}

/** As answers have it: `latest/stable` is `stable`. @param full as in a release target */
export function shortened(full: string): string {
  return shortChannel(parseChannel(full));
}
