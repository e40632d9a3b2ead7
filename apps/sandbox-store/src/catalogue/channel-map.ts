import { stablerChannels } from './stabler-channels.js';

/** A revision's release into a channel, for one architecture. */
export interface Release {
  /** In full: `latest/stable`, `2.0/edge/hotfix`. */
  readonly channel: string;
  readonly architecture: string;
  readonly revision: number;
  /** RFC 3339. */
  readonly at: string;
}

/** Which revision each channel of a snap has, for each architecture. */
export class ChannelMap {
  private readonly released = new Map<string, Release>();

  release(release: Release): void {
    this.released.set(nameOf(release.channel, release.architecture), release);
  }

  /** Afterwards the channel follows the next stabler risk. */
  close(channel: string, architecture: string): void {
    this.released.delete(nameOf(channel, architecture));
  }

  /** Every channel that has this revision. */
  closeAll(revision: number): void {
    for (const release of this.all())
      if (release.revision === revision) this.close(release.channel, release.architecture);
  }

  /** What a device that follows the channel gets: a closed one falls back to its risk, then to stabler risks. */
  resolve(channel: string, architecture: string): Release | undefined {
    for (const candidate of [channel, ...stablerChannels(channel)]) {
      const release = this.released.get(nameOf(candidate, architecture));
      if (release !== undefined) return release;
    }
    return undefined;
  }

  /** The stablest channel that has this revision now, if any. */
  channelOf(revision: number, architecture: string): string | undefined {
    return this.all().find(
      (release) => release.revision === revision && release.architecture === architecture,
    )?.channel;
  }

  /** All that is open, track by track from stable to edge: a client takes its headline from the first. */
  all(): Release[] {
    const rank = ({ channel }: Release): number => stablerChannels(channel).length;
    const track = ({ channel }: Release): string => {
      const name = channel.split('/')[0] ?? '';
      return name === 'latest' ? '' : name;
    };
    return [...this.released.values()].sort(
      (a, b) =>
        track(a).localeCompare(track(b)) ||
        rank(a) - rank(b) ||
        a.channel.localeCompare(b.channel) ||
        a.architecture.localeCompare(b.architecture),
    );
  }
}

function nameOf(channel: string, architecture: string): string {
  return `${channel} ${architecture}`;
}
