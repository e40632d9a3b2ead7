import { isSamePerson, type CommandContext } from '#kernel';
import { missing } from '../approval-policy/missing.js';
import { requireTicket } from '../approval-policy/ticket-rule.js';
import { ReleaseControlError } from '../errors.js';
import type { ElectronicSignature, SignedUnder } from '../signature.js';
import { allowed, requirePerson } from './allowed.js';
import { requireAuthored } from './authored.js';
import type { ApproveChange, RejectChange, ReviewChange } from './commands.js';
import type { ReviewStage, SignStage } from './plan-commands.js';
import type { StageSigned } from './plan-events.js';
import type { ChangeRequestEvent, ResolvedChange } from './events.js';
import type { ApprovalSigned } from './signed-events.js';
import { hasWritten } from './has-written.js';
import { othersOnly } from './others-only.js';
import { requireSignature, requireSigningRoles } from './require-signature.js';
import { ringsOf } from './plan.js';
import {
  isAskedFor,
  notCountedOf,
  reviewOf,
  signatoryOf,
  signing,
  withSignatory,
  type Reviewed,
} from './review.js';
import { hasSignedOther, type CountedMeaning } from './one-meaning.js';
import { signedStages, stagesAsking, startedOf, type StageAsking } from './review-stages.js';
import { requireInTime } from './window.js';
import { isDecidedPlan, type DecidedPlan } from './decided-plan.js';
import { signaturesOf, type ChangeRequest } from './state.js';

/**
 * One approver's signature: it completes what the policy in force asks for, or says what is missing after it. One that is not asked for is refused,
 * so that nobody signs for nothing. One that completes what earlier ones fill by now may be of whoever signed before too, and keeps the earlier turn in an order.
 */
export function approval(command: ApproveChange, state: ChangeRequest): ChangeRequestEvent {
  const { under, missing: still, isSigned } = signedFor(command, 'approved', state);
  const awaits = command.policy.ticket?.approved === 'before-effect';
  return isSigned && still.length === 0
    ? { type: 'ChangeApproved', data: { ...under, ...(awaits ? { awaitsTicket: true } : {}) } }
    : { type: 'ApprovalSigned', data: { ...under, missing: still } };
}

/** Somebody who approves nothing has looked at it, which the policy in force asks for before approvals. */
export function review(command: ReviewChange, state: ChangeRequest): ChangeRequestEvent {
  const { under, missing: still } = signedFor(command, 'reviewed', state);
  return { type: 'ChangeReviewed', data: { ...under, missing: still } };
}

interface SignedFor {
  readonly under: Omit<ApprovalSigned['data'], 'missing'>;
  /** What the first ring's policy asks for after it, in words. */
  readonly missing: readonly string[];
  /** In the first ring: of a plan, somebody may sign for a later ring alone. */
  readonly isSigned: boolean;
}

/** @throws ReleaseControlError for every signature that is not asked for */
function signedFor(
  command: ApproveChange | ReviewChange,
  meaning: CountedMeaning,
  state: ChangeRequest,
): SignedFor {
  const { request, signature, roles } = sign(command, meaning, state);
  for (const change of request.changes) requireOther(request.id, signature, change, command.context);
  requireOneMeaning(request, meaning, signature, command.context);
  const { policy, signersNow, context } = command;
  const { linked } = context;
  requireTicket(policy.ticket, request);
  requireAuthored([policy, ...(command.stagePolicies ?? [])], request, { signersNow });
  const review = reviewOf(request, policy, { signersNow, linked });
  const { rules, missing: needed } = review;
  const signatory = signatoryOf(signature, roles);
  const isSigned = roles.length > 0 && isAskedFor(review, signatory);
  const asking = askingLater(command, request);
  if (!isSigned && asking.length === 0) throw notNeeded(request, signature, roles, needed, context);
  // It counts in each of these rings from now on, beside the first one.
  for (const { ring, policy: later } of asking) requireTicket(later.ticket, request, ring);
  const after = isSigned ? withSignatory(review, signatory) : review.signatories;
  const notCounted = notCountedOf(after, signaturesOf(request));
  const under = {
    signature,
    policyVersion: policy.version,
    roles,
    ...stagesOf(command, request),
    notCounted,
  };
  return { under, missing: needed.length === 0 ? [] : missing(rules, after), isSigned };
}

/** A further signature of a plan: what was approved is approved, and the ring that asks for more waits for nothing else. */
export function stageSignature(command: SignStage, state: ChangeRequest): ChangeRequestEvent {
  return { type: 'StageSigned', data: signedForStage(command, 'approved', state) };
}

/** The same of a review that a later ring asks for. */
export function stageReviewed(command: ReviewStage, state: ChangeRequest): ChangeRequestEvent {
  return { type: 'StageReviewed', data: signedForStage(command, 'reviewed', state) };
}

function signedForStage(
  command: SignStage | ReviewStage,
  meaning: CountedMeaning,
  state: ChangeRequest,
): StageSigned['data'] {
  const request = requireStages(state);
  const roles = requireSigner(command, meaning, request);
  const { signature, policy } = command;
  for (const change of request.changes) requireOther(request.id, signature, change, command.context);
  requireOneMeaning(request, meaning, signature, command.context);
  const asking = askingLater(command, request);
  if (asking.length === 0) throw notNeeded(request, signature, roles, [], command.context);
  requireTicket(policy.ticket, request);
  for (const { ring, policy: later } of asking) requireTicket(later.ticket, request, ring);
  return { signature, policyVersion: policy.version, roles, ...stagesOf(command, request) };
}

/**
 * Who reviews a revision of a request does not approve it, and the other way round, in whichever of their accounts (R27).
 * @throws ReleaseControlError `reviewer-cannot-approve`
 */
function requireOneMeaning(
  request: Reviewed | DecidedPlan,
  meaning: CountedMeaning,
  { printedName, signer }: ElectronicSignature,
  context: CommandContext,
): void {
  if (!hasSignedOther(request, signer, meaning, context)) return;
  const has = meaning === 'approved' ? 'reviewed' : 'approved';
  throw new ReleaseControlError(
    'reviewer-cannot-approve',
    `${printedName} has ${has} ${request.id}: who reviews a change and who approves it are different persons`,
  );
}

/** @throws ReleaseControlError `not-allowed-in-status` for what is no plan, or waits for no ring any more */
function requireStages(state: ChangeRequest): DecidedPlan {
  if (isDecidedPlan(state)) return state;
  if (state.status === 'none')
    throw new ReleaseControlError('no-such-change-request', 'there is no such change request');
  throw new ReleaseControlError(
    'not-allowed-in-status',
    `${state.id} is ${state.status}: no ring of it waits for a further signature`,
  );
}

function stagesOf(
  { context, stagePolicies = [] }: Signs,
  request: Reviewed | DecidedPlan,
): Partial<Pick<SignedUnder, 'stages'>> {
  if (request.stages === undefined) return {};
  return { stages: signedStages(request, stagePolicies, requirePerson(context).roles) };
}

/** The later rings that this signature is asked for in. */
function askingLater(
  { context, signature, stagePolicies: policies = [], signersNow }: Signs,
  request: Reviewed | DecidedPlan,
): readonly StageAsking[] {
  const started = startedOf(request);
  const { linked } = context;
  const standing = { started, policies, signatures: signaturesOf(request), signersNow, linked };
  return stagesAsking(request, standing, signatoryOf(signature, requirePerson(context).roles));
}

function notNeeded(
  request: Reviewed | DecidedPlan,
  { signer, printedName }: ElectronicSignature,
  roles: readonly string[],
  needed: readonly string[],
  context: CommandContext,
): ReleaseControlError {
  const asked = `${request.id} needs ${needed.length === 0 ? 'no signature that only they could make' : needed.join('; ')}`;
  return signaturesOf(request).some((each) => isSamePerson(each.signer, signer, context))
    ? new ReleaseControlError('already-signed', `${printedName} has signed already; ${asked}`)
    : new ReleaseControlError(
        'signature-not-needed',
        `a signature by ${printedName}, in the role ${roles.join(' and ') || 'that signs in a later ring'}, is not asked for: ${asked}`,
      );
}

type Signs = ApproveChange | ReviewChange | SignStage | ReviewStage;

interface Signing {
  readonly request: Reviewed;
  readonly signature: ElectronicSignature;
  /** Those of the signer's roles that sign. */
  readonly roles: readonly string[];
}

/**
 * A decision by signature: by an approver who is not the author, over the exact record, with proof of identity given for this very act.
 */
function sign(
  command: ApproveChange | ReviewChange | RejectChange,
  meaning: ElectronicSignature['meaning'],
  state: ChangeRequest,
): Signing {
  const request = allowed(state, command.type);
  return { request, signature: command.signature, roles: requireSigner(command, meaning, request) };
}

/**
 * @returns those of the signer's roles that sign in the first ring: of a plan there may be none, for who signs in a later one
 * @throws ReleaseControlError
 */
function requireSigner(
  { context, signature }: Signs | RejectChange,
  meaning: ElectronicSignature['meaning'],
  request: Reviewed | DecidedPlan,
): readonly string[] {
  requireInTime(request, context.at);
  const signer = requirePerson(context);
  const signsIn = ringsOf(request).find((ring) => signing(signer.roles, ring).length > 0);
  requireSigningRoles(signer, signsIn ?? request.ring);
  if (hasWritten(request, signer.id, context)) {
    throw new ReleaseControlError(
      'author-cannot-approve',
      `${signer.name} wrote ${request.id}; somebody else has to decide on it`,
    );
  }
  const { recordDigest } = request;
  requireSignature(request.id, context, signature, { meaning, recordDigest });
  return signing(signer.roles, request.ring);
}

/** One signature is enough to reject, whatever others signed before. */
export function rejection(command: RejectChange, state: ChangeRequest): ChangeRequestEvent {
  const { signature, roles } = sign(command, 'rejected', state);
  return { type: 'ChangeRejected', data: { signature, policyVersion: command.policy.version, roles } };
}

/** @throws ReleaseControlError `own-emergency`, `own-pre-authorisation` */
function requireOther(
  id: string,
  { signer, printedName }: ElectronicSignature,
  change: ResolvedChange,
  context: CommandContext,
): void {
  const own = othersOnly(change, signer, context);
  if (own === undefined) return;
  const what =
    own === 'own-emergency'
      ? `${printedName} wrote or released what was not ratified, and ${id} would end the halt for it`
      : `${id} would put ${printedName} on call`;
  throw new ReleaseControlError(own, `${what}: others have to approve that`);
}
