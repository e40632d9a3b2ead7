import type { Difference } from '../../domain/change-request/difference.js';
import type { ReleaseTarget, Subject } from '../../release-target.js';

/** An item that asks for a version, in a person's words. */
export interface ItemToCapture {
  readonly format: string;
  readonly name: string;
  readonly channel: string;
  readonly version: string;
}

/** A target that the item means, and the manifest of what was fetched, verified and kept for it. */
export interface CapturedTarget {
  readonly target: ReleaseTarget;
  readonly name: string;
  readonly version: string;
  /** SHA-256 of the capture manifest, which is kept, as is everything that it names. */
  readonly manifest: string;
  /** The revision of what its maker or store declares of the subject, as it was captured: for a snap, of its snap-declaration. */
  readonly declaration?: number;
}

/** The catalog, as change control sees it. */
export interface CapturePort {
  /**
   * Fetches, verifies and keeps what the item means, for each architecture. Doing it again keeps nothing twice.
   * @throws CodedError with the exact reason when something does not exist or does not verify; nothing of it is served then
   */
  capture(item: ItemToCapture): Promise<readonly CapturedTarget[]>;
  /**
   * How what was captured differs from what was chosen before, both by the digests of their manifests; `before` is null where upstream decided.
   * @param room for it in the record, in bytes: what is beyond is counted
   * @throws CodedError as {@link capture}
   */
  compare(format: string, before: string | null, after: string, room: number): Promise<Difference>;
  /** Whether a person who says `asked` may mean this channel of a target: `stable` may be the `stable` of any track. */
  mayMean(format: string, asked: string, channel: string): boolean;
  /**
   * The subject that a name means upstream now. Nothing is kept.
   * @throws CodedError with the exact reason when there is none, or what upstream says of it does not verify
   */
  identify(format: string, name: string): Promise<Subject>;
}
