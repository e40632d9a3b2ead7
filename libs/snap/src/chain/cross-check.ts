import { describeReference, type Assertion } from '../assertion/assertion.js';
import { SnapError } from '../errors.js';

/** What a store said about a revision, and what was really downloaded. */
export interface SnapFacts {
  readonly snapId: string;
  readonly revision: number;
  /** Bytes of the file. */
  readonly size: number;
  /** Of the file, base64url, as {@link snapDigest} gives it. */
  readonly digest: string;
}

/**
 * That a snap-revision speaks of this very file, as snapd checks after each download (protocol page §6). The assertion's own chain is
 * {@link verifyChain}'s matter.
 *
 * @throws SnapError `inconsistent-assertion`
 */
export function crossCheckSnapRevision(revision: Assertion, facts: SnapFacts): void {
  const expected: Record<string, string> = {
    'snap-id': facts.snapId,
    'snap-revision': String(facts.revision),
    'snap-size': String(facts.size),
    'snap-sha3-384': facts.digest,
  };
  for (const [name, value] of Object.entries(expected)) {
    if (revision.headers[name] !== value) throw inconsistent(revision, name, value);
  }
}

/**
 * That a snap-declaration gives this name to this snap.
 *
 * @throws SnapError `inconsistent-assertion`; a revoked declaration has the empty name, which no snap has
 */
export function crossCheckSnapDeclaration(
  declaration: Assertion,
  snap: { snapId: string; name: string },
): void {
  if (declaration.headers['snap-id'] !== snap.snapId) throw inconsistent(declaration, 'snap-id', snap.snapId);
  if (declaration.headers['snap-name'] !== snap.name) throw inconsistent(declaration, 'snap-name', snap.name);
}

function inconsistent(assertion: Assertion, name: string, expected: string): SnapError {
  const about = describeReference(assertion);
  const found = JSON.stringify(assertion.headers[name] ?? null);
  return new SnapError(
    'inconsistent-assertion',
    `${about}: ${name} is ${found}, expected ${JSON.stringify(expected)}`,
    about,
  );
}
