import { describeReference, type Assertion } from '../assertion/assertion.js';
import { assertionType } from '../assertion/types.js';
import { SnapError } from '../errors.js';
import { verifyAssertionSignature } from '../signature/verify.js';
import type { TrustRoots } from '../trust/trust-roots.js';
import { checkAccountKey, type AccountKey } from './account-key.js';
import { checkConsistency } from './consistency.js';
import { checkKeyValidity } from './key-validity.js';
import { KnownAssertions } from './known-assertions.js';
import { prerequisitesOf, signingKeyOf } from './reference.js';

export interface ChainOptions {
  /** The time at which the keys must be valid; now, when it is not given. */
  readonly at?: Date;
}

/**
 * That every one of the assertions is to be believed: each is signed by a key whose own chain ends in a root, by an account that may
 * say such a thing, and agrees with what it refers to (protocol page §10 and §11). In any order; prerequisites must be among them or
 * known to the roots. The same rules as snapd's, so that what passes here does not fail on a device.
 *
 * @throws SnapError with the exact reason, the assertion in `about`: `untrusted-root`, `broken-chain`, `bad-signature`,
 *   `malformed-signature`, `malformed-key`, `malformed-assertion`, `wrong-authority`, `inconsistent-assertion`, `key-expired`,
 *   `key-not-yet-valid`, `timestamp-outside-key-validity`, `unsupported-format`
 */
export function verifyChain(
  assertions: readonly Assertion[],
  roots: TrustRoots,
  options: ChainOptions = {},
): void {
  const chain = new Chain(assertions, roots, options.at ?? new Date());
  for (const assertion of assertions) chain.verify(assertion);
}

/** Real chains have three links. Whoever sends thousands wants our stack, not our trust. */
const MAX_CHAIN_LENGTH = 16;

class Chain {
  private readonly known: KnownAssertions;
  private readonly verified = new Set<Assertion>();
  /** Whose verification has begun: to meet one again means that a chain leads back to itself. */
  private readonly open = new Set<Assertion>();

  constructor(
    assertions: readonly Assertion[],
    private readonly roots: TrustRoots,
    private readonly at: Date,
  ) {
    this.known = new KnownAssertions(assertions, roots.known);
  }

  verify(assertion: Assertion): void {
    if (this.verified.has(assertion)) return;
    if (this.open.has(assertion) || this.open.size === MAX_CHAIN_LENGTH) throw untrusted(assertion);
    this.open.add(assertion);
    checkFormat(assertion);
    const key = this.signingKey(assertion);
    checkKeyValidity(assertion, key, this.at);
    verifyAssertionSignature(assertion, key.publicKey);
    for (const reference of prerequisitesOf(assertion)) this.known.require(reference, assertion);
    checkConsistency(assertion, this.known, this.roots);
    this.open.delete(assertion);
    this.verified.add(assertion);
  }

  /** The key that signed it, believed: a root itself, or verified first. */
  private signingKey(assertion: Assertion): AccountKey {
    const reference = signingKeyOf(assertion);
    const keyAssertion = this.known.require(reference, assertion);
    if (!this.roots.trustsKey(reference)) this.verify(keyAssertion);
    const key = checkAccountKey(keyAssertion, this.known);
    if (key.accountId !== assertion.authorityId) {
      const about = describeReference(assertion);
      throw new SnapError(
        'wrong-authority',
        `${about} is by ${assertion.authorityId}, its key belongs to ${key.accountId}`,
        about,
      );
    }
    return key;
  }
}

function checkFormat(assertion: Assertion): void {
  const { maxFormat } = assertionType(assertion.type);
  if (assertion.format <= maxFormat) return;
  const about = describeReference(assertion);
  throw new SnapError(
    'unsupported-format',
    `${about} has format ${assertion.format}, of ${maxFormat} at most`,
    about,
  );
}

function untrusted(assertion: Assertion): SnapError {
  const about = describeReference(assertion);
  return new SnapError('untrusted-root', `the chain ends in ${about}, which is no root that we trust`, about);
}
