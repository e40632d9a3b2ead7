import type { JsonObject } from '#kernel';
import type { Inside } from './inside.js';

/** An assertion as the publisher signed it: the exact text. */
export interface CapturedAssertion {
  readonly type: string;
  /** Values in the order of the type's primary key; optional trailing ones with their default are left out. */
  readonly primaryKey: readonly string[];
  readonly text: string;
}

/**
 * What was captured for one revision of one snap: all that a proxy needs to answer for it. One canonical JSON blob, named by its
 * SHA-256; approvals sign that name, policies hold it, proxies obey it.
 */
export interface SnapCaptureManifest {
  readonly v: 1;
  readonly format: 'snap';
  /** The snap-id. */
  readonly subject: string;
  readonly name: string;
  /** The revision, decimal. */
  readonly version: string;
  /** The architectures that this revision was built for, as the store says: `["all"]` or Debian architectures. */
  readonly architectures: readonly string[];
  /** The track that the store sends a request without one to; null when it names none. */
  readonly defaultTrack: string | null;
  /** The store's snap object (protocol page, 4.3) without `download`, `media` and whatever else names a URL that snapd fetches. */
  readonly snap: JsonObject;
  readonly blob: { readonly sha256: string; readonly sha3_384: string; readonly size: number };
  /** What the snap's file says itself; absent in captures of releases that did not open it. */
  readonly inside?: Inside;
  /** snap-revision, snap-declaration, and every account and account-key up to, not including, a trusted root. */
  readonly assertions: readonly CapturedAssertion[];
}
