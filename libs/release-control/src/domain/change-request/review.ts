import { isSamePerson, rolesIn, type LinkedAccounts } from '#kernel';
import {
  ratificationRules,
  rulesFor,
  SIGNING_ROLES,
  type ApprovalPolicy,
  type AskedRule,
} from '../approval-policy/approval-policy.js';
import { filled, missing, type Signatory } from '../approval-policy/missing.js';
import { ReleaseControlError } from '../errors.js';
import type { RecordedSignature, SignerNow, SignersNow } from '../signature.js';
import { hasWritten, type Written } from './has-written.js';
import { signaturesOf, type ChangeRequest, type EmergencyRequest } from './state.js';

/** A request that waits for signatures. */
export type Reviewed = Extract<ChangeRequest, { status: 'captured' | 'in-review' }>;

export function isReviewed(state: ChangeRequest): state is Reviewed {
  return state.status === 'captured' || state.status === 'in-review';
}

/** How a request stands under a policy. */
export interface Review {
  readonly rules: readonly AskedRule[];
  /** Each person once, in the order of their last signatures; without a role when the signature does not count any more. */
  readonly signatories: readonly Signatory[];
  /** What is still needed, in words. */
  readonly missing: readonly string[];
  /** By which accounts of one person count once. */
  readonly linked?: LinkedAccounts | undefined;
}

/**
 * How a request stands under the policy in force, whatever policy its signatures were made under.
 * @param now of each who signed
 * @throws ReleaseControlError `signed-meanwhile` when it has a signer of whom nothing is given
 */
export function reviewOf(request: Reviewed, policy: ApprovalPolicy, now: SignersNow): Review {
  return standing(request, rulesFor(policy, request.changes), signaturesOf(request), now);
}

/** The same of the ratification of a release: nobody who signed before the release has ratified it. */
export function ratificationOf(request: EmergencyRequest, policy: ApprovalPolicy, now: SignersNow): Review {
  const { changes, emergency, signature: release } = request;
  const rules = ratificationRules(policy, changes);
  return standing({ ...request, releaser: release.signer }, rules, emergency.signatures, now);
}

type SignedRequest = Pick<Reviewed, 'id' | 'ring'> &
  Written & {
    /** Of what was released in an emergency, who did: id of an account. */
    readonly releaser?: string;
  };

/** How signatures stand under rules, in one ring. */
export function standing(
  request: SignedRequest,
  rules: readonly AskedRule[],
  all: readonly RecordedSignature[],
  { signersNow, linked }: SignersNow,
): Review {
  const last = all.filter(({ signer }, i) => !all.slice(i + 1).some((later) => later.signer === signer));
  const each = last.map((signature) => signatory(request, signature, signersNow));
  const signatories = oncePerPerson(request, each, linked);
  return { rules, signatories, missing: missing(rules, signatories), linked };
}

/**
 * What was signed with two accounts before they were found to be one person's counts once, by the last that counts; and what somebody signed with another account of who
 * wrote the request, or released it, not at all (R27).
 */
function oncePerPerson(
  { releaser, ...request }: SignedRequest,
  signatories: readonly Signatory[],
  linked: LinkedAccounts | undefined,
): readonly Signatory[] {
  return signatories.map((each, i) => {
    const { person } = each;
    const own =
      hasWritten(request, person, { linked }) ||
      (releaser !== undefined && isSamePerson(releaser, person, { linked }));
    const again = signatories
      .slice(i + 1)
      .some((later) => later.roles.length > 0 && isSamePerson(later.person, person, { linked }));
    return own || again ? { ...each, roles: [] } : each;
  });
}

/** Of whom signatures stand that do not count: ids of persons. Who never signed in this ring, but for a later one of a plan, is none of them. */
export function notCountedOf(
  signatories: readonly Signatory[],
  signatures: readonly RecordedSignature[],
): readonly string[] {
  const elsewhere = new Set(
    signatures.filter(({ roles }) => roles?.length === 0).map(({ signer }) => signer),
  );
  return signatories
    .filter(({ person, roles }) => roles.length === 0 && !elsewhere.has(person))
    .map(({ person }) => person);
}

/** The signatories, and one more who signs in these roles now. */
export function withSignatory({ signatories, linked }: Review, signatory: Signatory): readonly Signatory[] {
  const others = signatories.filter(({ person }) => person !== signatory.person);
  const once = others.map((each) =>
    isSamePerson(each.person, signatory.person, { linked }) ? { ...each, roles: [] } : each,
  );
  return [...once, signatory];
}

/**
 * Whether one more signature is asked for: it fills a place that is open. Where signatures that were made before are enough by now, since less is asked
 * for, any one more approval completes them.
 */
export function isAskedFor(review: Review, signatory: Signatory): boolean {
  const { rules, signatories, missing: needed } = review;
  const completes = needed.length === 0 && !signatory.reviewed;
  return completes || filled(rules, withSignatory(review, signatory)) > filled(rules, signatories);
}

/**
 * A signature counts in the roles that its signer held then and still holds (R27): who was disabled, or lost the role, carries no decision any more. Of
 * who was reset since, the credentials that it was made with are void (R24): they may have been in other hands already.
 */
function signatory(
  { id, ring }: Pick<Reviewed, 'id' | 'ring'>,
  { signer, meaning, roles = [], resets = 0 }: RecordedSignature,
  signersNow: ReadonlyMap<string, SignerNow>,
): Signatory {
  const now = signersNow.get(signer);
  if (!now)
    throw new ReleaseControlError('signed-meanwhile', `somebody else signed ${id} just now: look again`);
  if (now.resets !== resets) return signatoryOf({ signer, meaning }, []);
  const still = signing(now.roles, ring);
  return signatoryOf(
    { signer, meaning },
    still.filter((role) => roles.includes(role)),
  );
}

/** Who signed, in these roles: what is signed with the meaning `reviewed` is no approval. */
export function signatoryOf(
  { signer, meaning }: Pick<RecordedSignature, 'signer' | 'meaning'>,
  roles: readonly string[],
): Signatory {
  return { person: signer, roles, ...(meaning === 'reviewed' ? { reviewed: true } : {}) };
}

/** Of a person's roles those that sign in a ring; none for an admin, who gives out rights and decides on nothing. */
export function signing(held: readonly string[], ring: string): readonly string[] {
  const roles = rolesIn(held, ring);
  return roles.includes('admin') ? [] : SIGNING_ROLES.filter((role) => roles.includes(role));
}
