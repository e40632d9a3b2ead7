import type { UpstreamSnapEvent } from '../../domain/upstream-snap/events.js';
import { releaseKey, type Release } from '../../domain/upstream-snap/observation.js';

export interface SnapRow {
  readonly snap_id: string;
  readonly name: string | null;
  readonly publisher: string | null;
  readonly declaration_revision: number | null;
  readonly revoked: boolean;
  readonly failure_code: string | null;
  readonly failure_message: string | null;
  readonly changed_position: string;
  readonly changed_at: string;
}

export interface ChannelRow {
  readonly snap_id: string;
  readonly channel: string;
  readonly architecture: string;
  /** The rest is null for a channel that was closed. */
  readonly open: {
    readonly revision: number;
    readonly version: string;
    readonly released_at: string;
    readonly since_position: string;
    readonly since_at: string;
  } | null;
}

export interface RevisionRow {
  readonly snap_id: string;
  readonly revision: number;
  /** Null leaves the one that is known. */
  readonly version: string | null;
  readonly gone: boolean;
}

/** When and where something happened. */
export interface Moment {
  readonly position: string;
  readonly at: string;
}

/** What a snap's events change: its own row, and those of places in its map and of revisions, by key, the last word for each. */
export class SnapChanges {
  readonly channels = new Map<string, ChannelRow>();
  readonly revisions = new Map<number, RevisionRow>();

  constructor(public snap: SnapRow) {}

  add(event: UpstreamSnapEvent, { position, at }: Moment): void {
    this.snap = { ...this.snap, ...changesOf(event), changed_position: position, changed_at: at };
    switch (event.type) {
      case 'ChannelsListed':
        for (const release of event.data.releases) this.opened(release, { position, at });
        break;
      case 'ChannelReleased': {
        const { channel, architecture } = event.data;
        this.opened({ channel, architecture, ...event.data.new }, { position, at });
        break;
      }
      case 'ChannelClosed': {
        const { channel, architecture } = event.data;
        const row = { snap_id: this.snap.snap_id, channel, architecture, open: null };
        this.channels.set(releaseKey(row), row);
        break;
      }
      case 'RevisionSeen':
      case 'RevisionReturned':
        this.known(event.data.revision, event.data.version, false);
        break;
      case 'RevisionVanished':
        this.known(event.data.revision, event.data.version, true);
        break;
      case 'SnapFirstSeen':
      case 'DeclarationChanged':
      case 'DeclarationRevoked':
      case 'PublisherChanged':
      case 'SigningKeysChanged':
      case 'SnapRenamed':
      case 'ObservationFailed':
      case 'ObservationRecovered':
        break;
    }
  }

  private opened(release: Release, { position, at }: Moment): void {
    const { channel, architecture, revision, version, releasedAt } = release;
    this.channels.set(releaseKey(release), {
      snap_id: this.snap.snap_id,
      channel,
      architecture,
      open: { revision, version, released_at: releasedAt, since_position: position, since_at: at },
    });
    this.known(revision, version, false);
  }

  private known(revision: number, version: string | null, gone: boolean): void {
    const before = this.revisions.get(revision)?.version ?? null;
    this.revisions.set(revision, {
      snap_id: this.snap.snap_id,
      revision,
      version: version ?? before,
      gone,
    });
  }
}

function changesOf(event: UpstreamSnapEvent): Partial<SnapRow> {
  switch (event.type) {
    case 'SnapFirstSeen': {
      const { name, publisher, declaration } = event.data;
      const { revision, revoked } = declaration;
      return { name, publisher, declaration_revision: revision, revoked };
    }
    case 'DeclarationChanged':
    case 'DeclarationRevoked': {
      const { revision, revoked } = event.data.new;
      return { declaration_revision: revision, revoked };
    }
    case 'PublisherChanged':
      return { publisher: event.data.new };
    case 'SnapRenamed':
      return { name: event.data.new };
    case 'ObservationFailed':
      return { failure_code: event.data.code, failure_message: event.data.message };
    case 'ObservationRecovered':
      return { failure_code: null, failure_message: null };
    case 'ChannelsListed':
    case 'ChannelReleased':
    case 'ChannelClosed':
    case 'RevisionSeen':
    case 'RevisionVanished':
    case 'RevisionReturned':
    case 'SigningKeysChanged':
      return {};
  }
}
