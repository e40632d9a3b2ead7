import { TlogError } from './errors.js';
import { hashNode } from './hashing.js';

export interface InclusionProof {
  readonly index: bigint;
  readonly size: bigint;
  readonly leafHash: Buffer;
  readonly path: readonly Buffer[];
  readonly root: Buffer;
}

/** RFC 9162, 2.1.3.2. @throws TlogError `invalid-proof` */
export function verifyInclusion({ index, size, leafHash, path, root }: InclusionProof): void {
  if (index < 0n || index >= size)
    throw invalid('inclusion', `there is no entry ${index} in a tree of ${size}`);
  const climb = new Climb(index, size - 1n);
  let hash = leafHash;
  for (const sibling of path) {
    hash = climb.step('inclusion') === 'left' ? hashNode(sibling, hash) : hashNode(hash, sibling);
    climb.up();
  }
  if (!climb.atTop || !hash.equals(root))
    throw invalid('inclusion', `entry ${index} is not proved to be in this tree`);
}

export interface ConsistencyProof {
  readonly first: { readonly size: bigint; readonly root: Buffer };
  readonly second: { readonly size: bigint; readonly root: Buffer };
  readonly path: readonly Buffer[];
}

/** RFC 9162, 2.1.4.2: the first tree is a beginning of the second. @throws TlogError `invalid-proof` */
export function verifyConsistency({ first, second, path }: ConsistencyProof): void {
  if (first.size > second.size || first.size < 0n)
    throw invalid('consistency', 'the older tree is the larger one');
  if (first.size === second.size || first.size === 0n) {
    const same = first.size < second.size || first.root.equals(second.root);
    if (path.length > 0 || !same)
      throw invalid('consistency', 'two roots for one size, or a proof where none is needed');
    return;
  }
  const powerOfTwo = (first.size & (first.size - 1n)) === 0n;
  const [start, ...rest] = path.length > 0 && powerOfTwo ? [first.root, ...path] : path;
  if (!start) throw invalid('consistency', 'the proof is empty');
  const climb = new Climb(first.size - 1n, second.size - 1n);
  climb.skipRightEdges();
  let [older, newer] = [start, start];
  for (const sibling of rest) {
    if (climb.step('consistency') === 'left') {
      older = hashNode(sibling, older);
      newer = hashNode(sibling, newer);
    } else {
      newer = hashNode(newer, sibling);
    }
    climb.up();
  }
  if (!climb.atTop || !older.equals(first.root) || !newer.equals(second.root)) {
    throw invalid(
      'consistency',
      `the tree of ${first.size} is not proved to be a beginning of that of ${second.size}`,
    );
  }
}

/** The way from a node to the root: `node` and `last`, the level's rightmost node, as RFC 9162's fn and sn. */
class Climb {
  constructor(
    private node: bigint,
    private last: bigint,
  ) {}

  get atTop(): boolean {
    return this.last === 0n;
  }

  /** On which side the next sibling stands. Moves up to the node that has one. */
  step(kind: string): 'left' | 'right' {
    if (this.last === 0n) throw invalid(kind, 'the proof is too long');
    const left = (this.node & 1n) === 1n || this.node === this.last;
    if (left) while ((this.node & 1n) === 0n && this.node !== 0n) this.up();
    return left ? 'left' : 'right';
  }

  skipRightEdges(): void {
    while ((this.node & 1n) === 1n) this.up();
  }

  up(): void {
    this.node >>= 1n;
    this.last >>= 1n;
  }
}

function invalid(kind: string, why: string): TlogError {
  return new TlogError('invalid-proof', `the ${kind} proof fails: ${why}`);
}
