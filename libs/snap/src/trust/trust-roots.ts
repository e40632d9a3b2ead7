import { describeReference, type Assertion, type AssertionReference } from '../assertion/assertion.js';
import { splitAssertions } from '../assertion/parse.js';
import { checkAccountKey } from '../chain/account-key.js';
import { KnownAssertions } from '../chain/known-assertions.js';
import { SnapError } from '../errors.js';
import { CANONICAL_ACCOUNT } from './canonical-account.js';
import { CANONICAL_ROOT_ACCOUNT_KEY } from './canonical-root-account-key.js';
import { GENERIC_ACCOUNT } from './generic-account.js';
import { GENERIC_CLASSIC_MODEL } from './generic-classic-model.js';
import { GENERIC_MODELS_ACCOUNT_KEY } from './generic-models-account-key.js';

/**
 * Where chains may end. An account is trusted when it is among the roots: its store assertions, accounts and keys are believed. What is
 * predefined is known without being sent, and is trusted no more than its own chain.
 */
export class TrustRoots {
  private readonly accounts: ReadonlySet<string>;
  /** Everything that need not be sent. */
  readonly known: KnownAssertions;

  /**
   * @param trusted assertions of type account and account-key; believed because the operator says so
   * @throws SnapError `broken-chain` for a key without its account, `inconsistent-assertion` for anything but accounts and keys
   */
  constructor(
    readonly trusted: readonly Assertion[],
    readonly predefined: readonly Assertion[] = [],
  ) {
    this.known = new KnownAssertions([...predefined, ...trusted]);
    this.accounts = new Set(
      trusted.filter(({ type }) => type === 'account').flatMap(({ primaryKey }) => primaryKey),
    );
    const own = new KnownAssertions(trusted);
    for (const assertion of trusted) checkRoot(assertion, own);
  }

  /** Whether statements about others' accounts, keys and snaps are believed from this account. */
  trustsAccount(accountId: string): boolean {
    return this.accounts.has(accountId);
  }

  /** Whether exactly this key is a root: chains end here, nothing above it is asked for. */
  trustsKey(reference: AssertionReference): boolean {
    return this.trusted.some(
      ({ type, primaryKey }) => type === reference.type && primaryKey[0] === reference.primaryKey[0],
    );
  }
}

/** Canonical's published roots, which every stock snapd has built in. */
export function canonicalTrustRoots(): TrustRoots {
  return new TrustRoots(
    splitAssertions(`${CANONICAL_ACCOUNT}\n${CANONICAL_ROOT_ACCOUNT_KEY}`),
    splitAssertions(`${GENERIC_ACCOUNT}\n${GENERIC_MODELS_ACCOUNT_KEY}\n${GENERIC_CLASSIC_MODEL}`),
  );
}

/** In a folder of roots, what ends differently is something else: a file that is just being written, notes, keys. */
export const TRUST_ROOT_FILE = /\.(?:assert|account|account-key)$/;

/**
 * Roots that an operator adds, one or several assertions a text, beside others, Canonical's if nothing else is said.
 *
 * @throws SnapError as `parseAssertion` and the constructor of {@link TrustRoots}
 */
export function loadTrustRoots(
  texts: readonly (string | Uint8Array)[],
  beside = canonicalTrustRoots(),
): TrustRoots {
  return new TrustRoots(
    [...beside.trusted, ...texts.flatMap((text) => splitAssertions(text))],
    beside.predefined,
  );
}

function checkRoot(assertion: Assertion, own: KnownAssertions): void {
  const about = describeReference(assertion);
  if (assertion.type === 'account-key') {
    checkAccountKey(assertion, own);
  } else if (assertion.type !== 'account') {
    throw new SnapError(
      'inconsistent-assertion',
      `${about} cannot be a trust root: only accounts and account-keys can`,
      about,
    );
  }
}
