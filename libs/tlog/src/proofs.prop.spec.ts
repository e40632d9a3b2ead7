import fc from 'fast-check';
import { describe, it } from 'vitest';
import {
  CompactTree,
  consistencyRanges,
  hashLeaf,
  inclusionRanges,
  rangeHash,
  verifyConsistency,
  verifyInclusion,
} from '#tlog';
import { vectorEntry } from '../fixtures/vectors.js';

const leaves = Array.from({ length: 600 }, (_, i) => hashLeaf(vectorEntry(i)));
const rootOf = (size: number): Buffer => rangeHash(leaves, { from: 0n, to: BigInt(size) });
const sizes = fc.integer({ min: 1, max: leaves.length });

describe('trees of any size', () => {
  it('have one root, grown leaf by leaf or split in two', () => {
    fc.assert(
      fc.property(sizes, (size) => {
        const tree = CompactTree.empty();
        for (const leaf of leaves.slice(0, size)) tree.append(leaf);
        return tree.size === BigInt(size) && tree.root().equals(rootOf(size));
      }),
    );
  });

  it('prove each entry, and no other entry in its place', () => {
    const cases = sizes.chain((size) =>
      fc.tuple(fc.constant(size), fc.nat(size - 1), fc.nat(leaves.length - 1)),
    );
    fc.assert(
      fc.property(cases, ([size, index, other]) => {
        const path = inclusionRanges(BigInt(index), BigInt(size)).map((range) => rangeHash(leaves, range));
        const accepts = (leaf: number): boolean => {
          const leafHash = leaves[leaf] ?? Buffer.of();
          return !throws(() =>
            verifyInclusion({ index: BigInt(index), size: BigInt(size), leafHash, path, root: rootOf(size) }),
          );
        };
        return accepts(index) && accepts(other) === (other === index);
      }),
    );
  });

  it('prove that they begin with each smaller one, and not once a hash of the proof is changed', () => {
    const cases = sizes.chain((second) => fc.tuple(fc.nat(second), fc.constant(second), fc.nat()));
    fc.assert(
      fc.property(cases, ([m, n, at]) => {
        const path = consistencyRanges(BigInt(m), BigInt(n)).map((range) => rangeHash(leaves, range));
        const first = { size: BigInt(m), root: rootOf(m) };
        const second = { size: BigInt(n), root: rootOf(n) };
        const refuses = (changed: readonly Buffer[]): boolean =>
          throws(() => verifyConsistency({ first, second, path: changed }));
        const spoilt = path.length === 0 ? [rootOf(1)] : path.with(at % path.length, Buffer.alloc(32));
        return !refuses(path) && refuses(spoilt) && refuses([...path, Buffer.alloc(32)]);
      }),
    );
  });
});

function throws(act: () => void): boolean {
  try {
    act();
    return false;
  } catch {
    return true;
  }
}
