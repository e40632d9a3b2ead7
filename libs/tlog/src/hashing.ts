import { createHash } from 'node:crypto';

/** Bytes of every hash here. */
export const HASH_SIZE = 32;

const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);

/** RFC 6962, 2.1: the leaf of an entry, SHA-256(0x00 || bytes). */
export function hashLeaf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(LEAF).update(bytes).digest();
}

/** RFC 6962, 2.1: SHA-256(0x01 || left || right). */
export function hashNode(left: Uint8Array, right: Uint8Array): Buffer {
  return createHash('sha256').update(NODE).update(left).update(right).digest();
}

/** The root of the tree without entries: SHA-256 of nothing. */
export function emptyRoot(): Buffer {
  return createHash('sha256').digest();
}
