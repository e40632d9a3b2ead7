import type { DeviceMark, EndedDownload, InstalledReport, MemberStamp, Offer } from '#fleet/published';
import type { CacheResult } from './downloads/artefact-cache.js';
import type { CacheFolder } from './downloads/cache-space.js';
import type { DownloadFailure } from './downloads/download-failure.js';
import type { Unusable } from './downloads/kept-artefacts.js';
import type { RefusalReason } from './policy/ring-access.js';

/** What was asked for when the ring's access policy refused it; an address of ours that was handed out before counts, too. */
export const REFUSED_REQUESTS = [
  'install',
  'refresh',
  'download',
  'info',
  'assertion',
  'artefact',
  'picture',
] as const;

export type RefusedRequest = (typeof REFUSED_REQUESTS)[number];

/** Something that a ring's access policy kept from a device. */
export interface AccessRefusal {
  readonly ring: string;
  /** Of the policy that refused it. */
  readonly position: string;
  readonly request: RefusedRequest;
  /** The snap-id; the name that was asked for where no id is known; of an assertion that names no snap, what names it. */
  readonly subject: string;
  readonly reason: RefusalReason;
  /** The rule that the device is in the ring by; absent where it is the proxy's own. */
  readonly member?: MemberStamp;
}

/** What operators must be able to see of serving. One function for each thing that happens; the app counts and logs it. */
export interface ServingEvents {
  policyObeyed(position: string, overrides: number, from: 'database' | 'disk'): void;
  /** As {@link policyObeyed}, of a ring that the proxy serves for rules of membership name it. */
  memberRingObeyed(ring: string, position: string, overrides: number, from: 'database' | 'disk'): void;
  /** From now on devices are in rings by these rules. */
  membershipObeyed(position: string, rules: number, from: 'database' | 'disk'): void;
  /** The database has just said that the policy obeyed is the newest; told at every look. */
  policyConfirmed(): void;
  /** The last good policy, if any, is served on. */
  policyRefused(code: string, message: string, from: 'database' | 'disk'): void;
  /** The policy is obeyed, but a restart without the database would not know it. */
  policyNotSaved(error: unknown): void;
  /** Told at the first look, then whenever it changed. */
  databaseReachable(reachable: boolean, error?: unknown): void;
  /** An entry of the policy cannot be answered: its devices get an error, never another revision. */
  manifestUnusable(manifest: string, name: string, version: string, message: string): void;
  /** How many entries of the ring that is served from now on cannot be answered. */
  unanswerable(entries: number): void;
  /** Other bytes than the digest says; they were not served. */
  artefactMismatch(sha3_384: string, where: 'upstream' | 'kept' | 'disk', detail: string): void;
  keptBlobUnusable(sha256: string, why: Unusable): void;
  /** An artefact of upstream or of a bucket is downloaded: from the cache's disk, from a transfer that is under way, or from its source. */
  cacheAsked(result: CacheResult): void;
  /** A copy was removed, since room was needed. */
  cacheEvicted(folder: CacheFolder): void;
  /** A download failed or broke off, or a copy could not be kept or read again. Not told of what a device ended, nor of what the others tell. */
  downloadFailed(code: DownloadFailure, error: unknown): void;
  withheld(subject: string, why: string): void;
  /** Each time; a fleet that polls makes many. */
  refused(refusal: AccessRefusal): void;
  /**
   * A refresh answer names these revisions to a device that has not got them; it is given when this is done, which never fails.
   * @param position of the policy that was obeyed
   * @param member the rule that the device is in the ring by
   */
  offered(
    device: DeviceMark | null,
    position: string,
    offers: readonly Offer[],
    member?: MemberStamp,
  ): Promise<void>;
  /** What a device says with a refresh that it has installed; nothing for one that says nothing. */
  installed(device: DeviceMark | null, position: string, said: InstalledReport, member?: MemberStamp): void;
  /** A download that was asked for up to the artefact's end came to it, or broke off. */
  downloadEnded(
    device: DeviceMark | null,
    position: string,
    download: EndedDownload,
    member?: MemberStamp,
  ): void;
  upstreamFailed(what: string, message: string): void;
  /** Upstream could not be asked, and a device was told what it had said so long ago. */
  answeredStale(what: string, ageMs: number): void;
  /** So many held artefacts have no copy here yet. */
  prefetchMissing(artefacts: number): void;
  /** A held artefact could not be fetched ahead. It is tried again, and fetched when a device asks. */
  prefetchFailed(sha256: string, error: unknown): void;
  /** So many held artefacts are not fetched ahead, since all copies together may not take so much. */
  prefetchNoRoom(artefacts: number): void;
  /** What went wrong although nothing should. */
  unexpected(error: unknown): void;
}
