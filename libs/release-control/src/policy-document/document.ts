import { canonicalBytes, sha256Hex, type JsonValue } from '#kernel';
import type { Access } from '../access.js';
import type { ReleaseTarget, Subject } from '../release-target.js';

/** A choice that a ring's devices get: the version, and the capture manifest that says what it is. */
export interface PolicyEntry extends ReleaseTarget {
  /** A label only: how people call the subject. */
  readonly name: string;
  readonly version: string;
  /** SHA-256 of the capture manifest's canonical bytes. */
  readonly manifest: string;
}

/** A snap on a list of the ring. */
export interface PolicySubject extends Subject {
  /** A label only. */
  readonly name: string;
}

/** What a ring's devices may have, at a position. Canonical JSON plus a signed note; see `note.ts`. */
export interface PolicyDocument {
  /**
   * 1 has no lists, and is what a ring without any still gets: the bytes of a history's documents never change. A proxy that knows only 1 refuses
   * a document of 2, and serves on by its last one: passing over a deny list would serve what must not be served. 3 is of a ring in which something
   * is halted.
   */
  readonly v: 1 | 2 | 3;
  /** The ledger's origin: a document of another site is refused. */
  readonly origin: string;
  readonly ring: string;
  readonly access: Access;
  /** The ledger index, decimal, of the newest event folded in. */
  readonly position: string;
  /** Base64 RFC 6962 root of the ledger over the entries 0 to `position`. */
  readonly root: string;
  /** Ordered by target. An entry of a denied snap is not served. */
  readonly entries: readonly PolicyEntry[];
  /** From v 2 on: never served. Ordered by subject. */
  readonly denied?: readonly PolicySubject[];
  /** From v 2 on: not served, for its publisher's doings. Ordered by subject. */
  readonly blocked?: readonly PolicySubject[];
  /** From v 2 on: answered as in an open ring. Ordered by subject. */
  readonly allowed?: readonly PolicySubject[];
  /** In v 3: whether the whole ring is halted: nothing is served. */
  readonly ringHalted?: boolean;
  /** In v 3: not served until resumed. Ordered by subject. */
  readonly halted?: readonly PolicySubject[];
}

export function policyBytes(document: PolicyDocument): Uint8Array {
  return canonicalBytes(document as unknown as JsonValue);
}

export function policyDigest(document: PolicyDocument): string {
  return sha256Hex(policyBytes(document));
}
