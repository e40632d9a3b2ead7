import { canonicalBytes, sha256Hex, type JsonValue } from '#kernel';
import type { ReleaseTarget } from '../release-target.js';

/** A choice that a ring's devices get: the version, and the capture manifest that says what it is. */
export interface PolicyEntry extends ReleaseTarget {
  /** A label only: how people call the subject. */
  readonly name: string;
  readonly version: string;
  /** SHA-256 of the capture manifest's canonical bytes. */
  readonly manifest: string;
}

/** What a ring's devices may have, at a position. Canonical JSON plus a signed note; see `note.ts`. */
export interface PolicyDocument {
  readonly v: 1;
  /** The ledger's origin: a document of another site is refused. */
  readonly origin: string;
  readonly ring: string;
  /** `open`: upstream's answer passes unless overridden. `gated`: only approved versions. */
  readonly access: 'open' | 'gated';
  /** The ledger index, decimal, of the newest event folded in. */
  readonly position: string;
  /** Base64 RFC 6962 root of the ledger over the entries 0 to `position`. */
  readonly root: string;
  /** Ordered by target. */
  readonly entries: readonly PolicyEntry[];
}

export function policyBytes(document: PolicyDocument): Uint8Array {
  return canonicalBytes(document as unknown as JsonValue);
}

export function policyDigest(document: PolicyDocument): string {
  return sha256Hex(policyBytes(document));
}
