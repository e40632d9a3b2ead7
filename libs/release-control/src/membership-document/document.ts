import { canonicalBytes, type JsonValue } from '#kernel';
import type { MembershipRule } from '../domain/membership/rule.js';

/** A rule in the place in which it is looked at. */
export type MembershipEntry = MembershipRule & {
  readonly ring: string;
  /** What it is called: what a record of a delivery says. */
  readonly name: string;
};

/** Which devices are in which ring, of the whole site, at a position: canonical JSON plus a signed note, as a ring's policy document. */
export interface MembershipDocument {
  readonly v: 1;
  /** The ledger's origin: a document of another site is refused. */
  readonly origin: string;
  /** The ledger index, decimal, of the newest event folded in. */
  readonly position: string;
  /** Base64 RFC 6962 root of the ledger over the entries 0 to `position`. */
  readonly root: string;
  /** In the order in which releases go through them. */
  readonly rings: readonly string[];
  /** A device is in the ring of the first that it matches. */
  readonly rules: readonly MembershipEntry[];
  /** The lists that rules name, each version once, in order. */
  readonly lists: readonly {
    readonly list: string;
    readonly version: number;
    /** `brand/model/serial`, in order. */
    readonly devices: readonly string[];
  }[];
}

export function membershipBytes(document: MembershipDocument): Uint8Array {
  return canonicalBytes(document as unknown as JsonValue);
}
