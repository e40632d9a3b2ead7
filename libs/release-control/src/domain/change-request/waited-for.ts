import { isSamePerson } from '#kernel';
import type { ApprovalPolicy } from '../approval-policy/approval-policy.js';
import { whyNotSigned } from '../approval-policy/ticket-rule.js';
import type { SignatureMeaning, SignersNow } from '../signature.js';
import { whyNotAuthored } from './authored.js';
import { hasWritten, type Written } from './has-written.js';
import { hasSignedOther, type CountedMeaning } from './one-meaning.js';
import { othersOnly } from './others-only.js';
import { releaseRecordOf } from './ratify.js';
import { releaseDigestOf } from './record.js';
import {
  isAskedFor,
  isReviewed,
  ratificationOf,
  reviewOf,
  signatoryOf,
  signing,
  type Review,
  type Reviewed,
} from './review.js';
import { missingLater, stagesAsking, startedOf, type StageAsking } from './review-stages.js';
import { isDecidedPlan, type DecidedPlan } from './decided-plan.js';
import { isRatificationOpen, signaturesOf, type ChangeRequest, type EmergencyRequest } from './state.js';
import { isOver } from './window.js';

/** What people sign for. */
export const WAITED_FOR_KINDS = ['approval', 'review', 'ratification'] as const;
export type WaitedForKind = (typeof WAITED_FOR_KINDS)[number];

/** What a signature would be taken for. */
export interface WaitedFor {
  readonly request: Reviewed | DecidedPlan | EmergencyRequest;
  /** Of a change before it takes effect, whose review approves nothing; or of what was released in an emergency. */
  readonly kind: WaitedForKind;
  /** SHA-256, hex: what it would be bound to. */
  readonly recordDigest: string;
  /** What the ring's approval policy asks for, in words; empty where any one more signature completes it. */
  readonly missing: readonly string[];
}

/** Who would sign, under what, and when. */
export interface WouldSign extends SignersNow {
  readonly person: { readonly id: string; readonly roles: readonly string[] };
  /** The ring's, as it is in force now. */
  readonly policy: ApprovalPolicy;
  /** Of a plan: those of its later rings, in order. */
  readonly stagePolicies?: readonly ApprovalPolicy[];
  /** RFC 3339, UTC. */
  readonly now: string;
}

/**
 * Whether a person's approval, or ratification, is waited for: as the decider says of it once it is made. That a promotion is still served in the earlier
 * ring is looked at then only.
 * @returns undefined: it is not
 */
export function waitedFor(request: ChangeRequest, would: WouldSign): WaitedFor | undefined {
  const { person, policy, now } = would;
  if (isReviewed(request) || isDecidedPlan(request)) {
    if (isOver(request, now)) return undefined;
    if (whyNotSigned(policy.ticket, request) !== undefined) return undefined;
    if (
      isReviewed(request) &&
      whyNotAuthored([policy, ...(would.stagePolicies ?? [])], request, would) !== undefined
    )
      return undefined;
    if (request.changes.some((change) => othersOnly(change, person.id, would) !== undefined))
      return undefined;
    const { recordDigest } = request;
    const missing = missingOf(request, would);
    const kind = (['approved', 'reviewed'] as const).find((meaning) => isAskedTo(meaning, request, would));
    return kind && { request, kind: KINDS[kind], recordDigest, missing };
  }
  if (!isRatificationOpen(request) || isSamePerson(person.id, request.signature.signer, would))
    return undefined;
  const review = ratificationOf(request, policy, would);
  if (!isAskedOf('ratified', would, request, review)) return undefined;
  const recordDigest = releaseDigestOf(releaseRecordOf(request));
  return { request, kind: 'ratification', recordDigest, missing: review.missing };
}

const KINDS = { approved: 'approval', reviewed: 'review' } as const;

/** Whether a person's signature with this meaning is asked for. */
function isAskedTo(meaning: CountedMeaning, request: Reviewed | DecidedPlan, would: WouldSign): boolean {
  const { person, policy } = would;
  if (hasSignedOther(request, person.id, meaning, would)) return false;
  const asking = askingLater(meaning, request, would);
  const isAsked = isReviewed(request) && isAskedOf(meaning, would, request, reviewOf(request, policy, would));
  return (
    (isAsked || asking.length > 0) &&
    asking.every(({ policy: later }) => whyNotSigned(later.ticket, request) === undefined)
  );
}

function askingLater(
  meaning: CountedMeaning,
  request: Reviewed | DecidedPlan,
  { person, stagePolicies: policies = [], signersNow, linked }: WouldSign,
): readonly StageAsking[] {
  const standing = {
    started: startedOf(request),
    policies,
    signatures: signaturesOf(request),
    signersNow,
    linked,
  };
  if (hasWritten(request, person.id, { linked })) return [];
  return stagesAsking(request, standing, signatoryOf({ signer: person.id, meaning }, person.roles));
}

/**
 * What a request still needs, in words: of a plan, for each ring that does not have it yet.
 * @throws ReleaseControlError `signed-meanwhile` when it has a signer of whom nothing is given
 */
export function missingOf(
  request: Reviewed | DecidedPlan,
  { policy, stagePolicies = [], ...now }: SignersNow & Pick<WouldSign, 'policy' | 'stagePolicies'>,
): readonly string[] {
  const first = isReviewed(request) ? reviewOf(request, policy, now).missing : [];
  const later = missingLater(request, {
    started: startedOf(request),
    policies: stagePolicies,
    signatures: signaturesOf(request),
    ...now,
  });
  return request.stages === undefined
    ? first
    : [...first.map((what) => `${what}, in ring ${request.ring}`), ...later];
}

function isAskedOf(
  meaning: SignatureMeaning,
  { person: { id, roles: held } }: WouldSign,
  { ring, ...request }: Pick<Reviewed, 'ring'> & Written,
  review: Review,
): boolean {
  const roles = signing(held, ring);
  const signatory = signatoryOf({ signer: id, meaning }, roles);
  return roles.length > 0 && !hasWritten(request, id, review) && isAskedFor(review, signatory);
}
