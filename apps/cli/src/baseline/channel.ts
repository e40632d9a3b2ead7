import { fullChannel, namesTrack, parseChannel, SnapError } from '#snap';

/**
 * The channel that an override is for, where devices track this one: in full, but a risk alone stays one, since it means the snap's default track.
 * @returns undefined for what is no channel
 */
export function channelOf(tracked: string): string | undefined {
  try {
    const channel = parseChannel(tracked);
    return namesTrack(tracked) ? fullChannel(channel) : tracked;
  } catch (error) {
    if (error instanceof SnapError) return undefined;
    throw error;
  }
}
