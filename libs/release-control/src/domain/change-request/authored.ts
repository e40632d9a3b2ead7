import { rolesIn } from '#kernel';
import type { ApprovalPolicy } from '../approval-policy/approval-policy.js';
import { ReleaseControlError } from '../errors.js';
import type { RecordedSignature, SignersNow } from '../signature.js';
import type { SubmitChange } from './commands.js';
import type { ChangeRequestEvent } from './events.js';
import { draftDigestOf, draftRecordOf, useDigestOf } from './record.js';
import { requireSignature } from './require-signature.js';
import type { Drafted } from './state.js';

/** Of a request, what its author signed. */
export interface Authored {
  /** Of this revision, in the order in which they were made: of what it was before it was handed over, or with fewer files, they are void. */
  readonly authored?: readonly RecordedSignature[];
}

/** What those who signed as authors are now, by person id: of whom nothing is given, nothing counts. */
export type AuthorsNow = Pick<SignersNow, 'signersNow'>;

/**
 * Whether its author's signature is of the request as it is now: what is said anew, or handed over, voids it. So does that they were reset or disabled since, or are no author any
 * more, as it does every other signature (R24, R27).
 */
function isAuthored(request: Drafted, now: AuthorsNow): boolean {
  return authoredOf(request).some((each) => isStanding(each, request, now)) || isUsed(request, now);
}

/** Whether one of them says something of the request as it is. @param now undefined once it is decided, and nobody's leaving undoes what was signed */
export function isStanding(
  signature: RecordedSignature,
  request: Drafted,
  now: AuthorsNow | undefined,
): boolean {
  return (
    signature.recordDigest === draftDigestOf(request) &&
    (now === undefined || isStill(signature, request, now))
  );
}

/** The use of a template is its author's signature over the same draft, also where the template turned out not to apply. */
function isUsed(request: Drafted, now: AuthorsNow): boolean {
  const { template, use } = request;
  if (template === undefined || use === undefined) return false;
  const digest = useDigestOf({ ...draftRecordOf(request), template });
  return use.signature.recordDigest === digest && isStill(use.signature, request, now);
}

function isStill(
  { signer, resets = 0 }: RecordedSignature,
  { ring }: Drafted,
  { signersNow }: AuthorsNow,
): boolean {
  const now = signersNow.get(signer);
  return now?.resets === resets && rolesIn(now.roles, ring).includes('author');
}

/** None of who did not sign. */
export function authoredOf({ authored = [] }: Authored): readonly RecordedSignature[] {
  return authored;
}

/** Why a request cannot be signed for as its author handed it in, in words; undefined: it can. */
export function whyNotAuthored(
  policies: readonly Pick<ApprovalPolicy, 'authored'>[],
  request: Drafted,
  now: AuthorsNow,
): string | undefined {
  return asksForIt(policies) && !isAuthored(request, now)
    ? 'no signature of its author counts, which the approval policy asks for: they revise it, and sign as they submit it'
    : undefined;
}

function asksForIt(policies: readonly Pick<ApprovalPolicy, 'authored'>[]): boolean {
  return policies.some(({ authored }) => authored === true);
}

/** @throws ReleaseControlError `author-signature-required` */
export function requireAuthored(
  policies: readonly ApprovalPolicy[],
  request: Drafted & { readonly id: string },
  now: AuthorsNow,
): void {
  const why = whyNotAuthored(policies, request, now);
  if (why !== undefined) throw new ReleaseControlError('author-signature-required', `${request.id}: ${why}`);
}

/**
 * Nobody hands in with a draft what its author is to sign: there is no record yet that they could have read.
 * @throws ReleaseControlError `author-signature-required`
 */
export function requireNoAuthorSignature(policies: readonly ApprovalPolicy[]): void {
  if (!asksForIt(policies)) return;
  throw new ReleaseControlError(
    'author-signature-required',
    'the approval policy asks for the signature of the author: draft it first, and sign as you submit it; a token, which signs nothing, cannot',
  );
}

/**
 * Of the author, over what they say, with proof of identity given for this very act. It never counts as an approval.
 * @throws ReleaseControlError `author-signature-required`, `signature-required`, `record-changed`
 */
export function authoring(
  { signature, policies = [], signersNow = new Map(), context }: SubmitChange,
  drafted: Drafted,
): ChangeRequestEvent[] {
  if (signature === undefined) {
    if (!asksForIt(policies) || isAuthored(drafted, { signersNow })) return [];
    throw new ReleaseControlError(
      'author-signature-required',
      `${drafted.id} is signed by its author as it is submitted, by the approval policy: "holdfast change submit ${drafted.id}" asks for it`,
    );
  }
  const recordDigest = draftDigestOf(drafted);
  requireSignature(drafted.id, context, signature, { meaning: 'authored', recordDigest });
  const [first] = policies;
  const under = first === undefined ? {} : { policyVersion: first.version };
  return [{ type: 'ChangeAuthored', data: { signature, ...under, roles: ['author'] } }];
}
