import type { PolicyEntry } from '#release-control/published';
import type { SnapCaptureManifest } from '#catalog/published';

/** A release that the ring holds, with what is known of it. */
export interface HeldRelease {
  readonly entry: PolicyEntry;
  /** Undefined while its manifest cannot be read, or isn't what the entry says: then it is held still, but cannot be answered. */
  readonly manifest: SnapCaptureManifest | undefined;
}

export interface AnswerableRelease extends HeldRelease {
  readonly manifest: SnapCaptureManifest;
}

/** What a ring holds of snaps, for looking up. Immutable: a new policy makes a new one. */
export class HeldReleases {
  static readonly none = new HeldReleases([]);

  private readonly bySnap = new Map<string, HeldRelease[]>();
  private readonly byName = new Map<string, Set<string>>();

  constructor(readonly all: readonly HeldRelease[]) {
    for (const release of all) {
      if (release.entry.format !== 'snap') continue;
      const { subject, name } = release.entry;
      append(this.bySnap, subject, release);
      this.byName.set(name, (this.byName.get(name) ?? new Set()).add(subject));
    }
  }

  /** Whatever is held of a snap, of any channel and architecture. */
  of(snapId: string): readonly HeldRelease[] {
    return this.bySnap.get(snapId) ?? [];
  }

  /** @param channel full form, `latest/stable` */
  find(snapId: string, channel: string, architecture: string): HeldRelease | undefined {
    return this.of(snapId).find(
      ({ entry }) => entry.channel === channel && entry.architecture === architecture,
    );
  }

  /**
   * The snap that a name means. Names get transferred: when two held snaps had it at their capture, only upstream can tell which is meant.
   */
  snapNamed(name: string): string | undefined {
    const subjects = this.byName.get(name);
    return subjects?.size === 1 ? [...subjects][0] : undefined;
  }

  /** The track that the store sends a request to that names none; `latest` when the manifests know of no other. */
  defaultTrack(snapId: string): string | undefined {
    const newest = this.of(snapId).reduce<SnapCaptureManifest | undefined>((best, { manifest }) => {
      return manifest && (!best || Number(manifest.version) > Number(best.version)) ? manifest : best;
    }, undefined);
    return newest?.defaultTrack ?? undefined;
  }
}

function append(map: Map<string, HeldRelease[]>, key: string, release: HeldRelease): void {
  const list = map.get(key);
  if (list) list.push(release);
  else map.set(key, [release]);
}

export function isAnswerable(release: HeldRelease): release is AnswerableRelease {
  return release.manifest !== undefined;
}
