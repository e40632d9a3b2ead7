import { beforeAll, describe, expect, it } from 'vitest';
import {
  CompactTree,
  consistencyRanges,
  cosigner,
  emptyRoot,
  formatCheckpoint,
  formatProofFile,
  hashLeaf,
  inclusionRanges,
  noteSigner,
  noteVerifier,
  openCheckpoint,
  openNote,
  parseProofFile,
  rangeHash,
  signNote,
  verifyConsistency,
  verifyInclusion,
} from '#tlog';
import {
  CHECKPOINT_12345,
  CHECKPOINT_70003,
  CONSISTENCY_12345,
  INCLUSION_54321,
  LOG,
  ROOTS,
  vectorEntry,
  WITNESS,
} from '../fixtures/vectors.js';

const log = noteSigner(LOG.origin, LOG.seed);
const witness = cosigner(WITNESS.name, WITNESS.seed, () => WITNESS.time);
const trusted = [noteVerifier(LOG.vkey), noteVerifier(WITNESS.vkey)];

describe('the tree of the vectors', () => {
  let leaves: Buffer[];
  let rootOf: Map<number, Buffer>;

  beforeAll(() => {
    leaves = Array.from({ length: 70_003 }, (_, i) => hashLeaf(vectorEntry(i)));
    const tree = CompactTree.empty();
    rootOf = new Map([[0, tree.root()]]);
    for (const [i, leaf] of leaves.entries()) {
      tree.append(leaf);
      if (ROOTS.has(i + 1)) rootOf.set(i + 1, tree.root());
    }
  });

  it('begins with the hashes of RFC 6962', () => {
    expect(emptyRoot().toString('hex')).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
    expect(hashLeaf(Buffer.of()).toString('hex')).toBe(
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    );
  });

  it.each([...ROOTS])('has the root of size %i', (size, root) => {
    expect(rootOf.get(size)?.toString('base64')).toBe(root);
    expect(rangeHash(leaves, { from: 0n, to: BigInt(size) }).toString('base64')).toBe(root);
  });

  it('proves entry 54,321 with the hashes of the vector', () => {
    const path = inclusionRanges(54_321n, 70_003n).map((range) => rangeHash(leaves, range));
    expect(path.map((hash) => hash.toString('base64'))).toEqual(INCLUSION_54321);
  });

  it('proves that 12,345 is a beginning of 70,003 with the hashes of the vector', () => {
    const path = consistencyRanges(12_345n, 70_003n).map((range) => rangeHash(leaves, range));
    expect(path.map((hash) => hash.toString('base64'))).toEqual(CONSISTENCY_12345);
  });
});

describe('the keys and signatures of the vectors', () => {
  it('has their public keys', () => {
    expect([log.vkey, witness.vkey]).toEqual([LOG.vkey, WITNESS.vkey]);
  });

  it.each([
    [70_003, CHECKPOINT_70003, [log, witness]],
    [12_345, CHECKPOINT_12345, [log]],
  ])('signs the checkpoint of %i byte for byte', (size, expected, signers) => {
    const root = Buffer.from(ROOTS.get(size) ?? '', 'base64');
    expect(signNote(formatCheckpoint({ origin: LOG.origin, size: BigInt(size), root }), signers)).toBe(
      expected,
    );
  });

  it('opens the cosigned checkpoint for whoever trusts both, and names both', () => {
    expect(openNote(CHECKPOINT_70003, trusted).signers).toEqual([LOG.origin, WITNESS.name]);
    expect(openCheckpoint(CHECKPOINT_70003, trusted).size).toBe(70_003n);
  });

  it('does not take a witness’s word for the log’s', () => {
    expect(() => openCheckpoint(CHECKPOINT_70003, [noteVerifier(WITNESS.vkey)])).toThrow(
      expect.objectContaining({ code: 'wrong-origin' }),
    );
  });

  it('refuses a cosignature whose time was edited', () => {
    const edited = CHECKPOINT_70003.replace('r7YqUAAAAABpIapw', 'r7YqUAAAAABpIapx');
    expect(() => openNote(edited, trusted)).toThrow(expect.objectContaining({ code: 'bad-signature' }));
  });
});

describe('the proofs of the vectors', () => {
  const root = openCheckpoint(CHECKPOINT_70003, trusted).root;
  const path = INCLUSION_54321.map((hash) => Buffer.from(hash, 'base64'));
  const leafHash = hashLeaf(vectorEntry(54_321));

  it('hands the proof of an entry on as one file', () => {
    const file = formatProofFile({ index: 54_321n, path, checkpoint: CHECKPOINT_70003 });
    expect(file).toBe(
      `c2sp.org/tlog-proof@v1\nindex 54321\n${INCLUSION_54321.join('\n')}\n\n${CHECKPOINT_70003}`,
    );
    expect(parseProofFile(file)).toEqual({ index: 54_321n, path, checkpoint: CHECKPOINT_70003 });
  });

  it('accepts the inclusion proof, and not for another index (tamper table, 6)', () => {
    const proof = { index: 54_321n, size: 70_003n, leafHash, path, root };
    expect(() => verifyInclusion(proof)).not.toThrow();
    for (const index of [54_320n, 54_322n, 0n, 70_002n, 70_003n, -1n]) {
      expect(() => verifyInclusion({ ...proof, index })).toThrow(
        expect.objectContaining({ code: 'invalid-proof' }),
      );
    }
  });

  it('accepts the consistency proof, and not between other trees', () => {
    const first = openCheckpoint(CHECKPOINT_12345, trusted);
    const second = openCheckpoint(CHECKPOINT_70003, trusted);
    const hashes = CONSISTENCY_12345.map((hash) => Buffer.from(hash, 'base64'));
    expect(() => verifyConsistency({ first, second, path: hashes })).not.toThrow();
    const invalid: unknown = expect.objectContaining({ code: 'invalid-proof' });
    expect(() => verifyConsistency({ first: { ...first, size: 12_344n }, second, path: hashes })).toThrow(
      invalid,
    );
    expect(() => verifyConsistency({ first: { ...first, root: second.root }, second, path: hashes })).toThrow(
      invalid,
    );
    expect(() => verifyConsistency({ first, second, path: [] })).toThrow(invalid);
    expect(() => verifyConsistency({ first: second, second: first, path: hashes })).toThrow(invalid);
  });
});
