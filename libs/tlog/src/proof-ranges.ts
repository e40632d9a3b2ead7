import { emptyRoot, hashNode } from './hashing.js';

/** The entries `from` (included) to `to` (not included); a proof is a list of the roots over such ranges. */
export interface EntryRange {
  readonly from: bigint;
  readonly to: bigint;
}

/** RFC 6962, 2.1.1, PATH(index, D[size]): what to hash for an inclusion proof, the leaf's sibling first. */
export function inclusionRanges(index: bigint, size: bigint): EntryRange[] {
  if (index < 0n || index >= size) throw new RangeError(`no entry ${index} in a tree of ${size}`);
  return path(index, 0n, size);
}

/** RFC 6962, 2.1.2, PROOF(first, D[second]): what to hash for a consistency proof. */
export function consistencyRanges(first: bigint, second: bigint): EntryRange[] {
  if (first < 0n || first > second)
    throw new RangeError(`a tree of ${first} is no beginning of one of ${second}`);
  return first === 0n ? [] : subproof(first, 0n, second, true);
}

/** MTH over part of the leaves, for trees that fit in memory. */
export function rangeHash(leafHashes: readonly Buffer[], { from, to }: EntryRange): Buffer {
  const size = to - from;
  const leaf = leafHashes[Number(from)];
  if (size === 0n) return emptyRoot();
  if (leaf === undefined || to > BigInt(leafHashes.length))
    throw new RangeError(`no entries ${from} to ${to}`);
  if (size === 1n) return leaf;
  const middle = from + splitPoint(size);
  return hashNode(rangeHash(leafHashes, { from, to: middle }), rangeHash(leafHashes, { from: middle, to }));
}

function path(index: bigint, from: bigint, to: bigint): EntryRange[] {
  if (to - from === 1n) return [];
  const middle = from + splitPoint(to - from);
  return index < middle
    ? [...path(index, from, middle), { from: middle, to }]
    : [...path(index, middle, to), { from, to: middle }];
}

function subproof(first: bigint, from: bigint, to: bigint, known: boolean): EntryRange[] {
  if (first === to) return known ? [] : [{ from, to }];
  const middle = from + splitPoint(to - from);
  return first <= middle
    ? [...subproof(first, from, middle, known), { from: middle, to }]
    : [...subproof(first, middle, to, false), { from, to: middle }];
}

/** The largest power of two below `size`. */
function splitPoint(size: bigint): bigint {
  return 1n << BigInt((size - 1n).toString(2).length - 1);
}
