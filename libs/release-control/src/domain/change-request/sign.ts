import { isSamePerson, type CommandContext } from '#kernel';
import { missing } from '../approval-policy/missing.js';
import { requireTicket } from '../approval-policy/ticket-rule.js';
import { ReleaseControlError } from '../errors.js';
import type { ElectronicSignature, SignedUnder } from '../signature.js';
import { allowed, requirePerson } from './allowed.js';
import { requireAuthored } from './authored.js';
import type { ApproveChange, RejectChange } from './commands.js';
import type { SignStage } from './plan-commands.js';
import type { ChangeRequestEvent, ResolvedChange } from './events.js';
import { hasWritten } from './has-written.js';
import { othersOnly } from './others-only.js';
import { requireSignature, requireSigningRoles } from './require-signature.js';
import { ringsOf } from './plan.js';
import { isAskedFor, notCountedOf, reviewOf, signing, withSignatory, type Reviewed } from './review.js';
import { signedStages, stagesAsking, startedOf, type StageAsking } from './review-stages.js';
import { requireInTime } from './window.js';
import { isDecidedPlan, type DecidedPlan } from './decided-plan.js';
import { signaturesOf, type ChangeRequest } from './state.js';

/**
 * One approver's signature: it completes what the policy in force asks for, or says what is missing after it. One that is not asked for is refused,
 * so that nobody signs for nothing. One that completes what earlier ones fill by now may be of whoever signed before too, and keeps the earlier turn in an order.
 */
export function approval(command: ApproveChange, state: ChangeRequest): ChangeRequestEvent {
  const { request, signature, roles } = sign(command, 'approved', state);
  for (const change of request.changes) requireOther(request.id, signature, change, command.context);
  const { policy, signersNow, context } = command;
  const { linked } = context;
  requireTicket(policy.ticket, request);
  requireAuthored([policy, ...(command.stagePolicies ?? [])], request, { signersNow });
  const review = reviewOf(request, policy, { signersNow, linked });
  const { rules, missing: needed } = review;
  const signatory = { person: signature.signer, roles };
  // Of a plan, somebody may sign for a later ring alone.
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
  const still = needed.length === 0 ? [] : missing(rules, after);
  const awaits = policy.ticket?.approved === 'before-effect';
  return isSigned && still.length === 0
    ? { type: 'ChangeApproved', data: { ...under, ...(awaits ? { awaitsTicket: true } : {}) } }
    : { type: 'ApprovalSigned', data: { ...under, missing: still } };
}

/** A further signature of a plan: what was approved is approved, and the ring that asks for more waits for nothing else. */
export function stageSignature(command: SignStage, state: ChangeRequest): ChangeRequestEvent {
  const request = requireStages(state);
  const roles = requireSigner(command, 'approved', request);
  const { signature, policy } = command;
  for (const change of request.changes) requireOther(request.id, signature, change, command.context);
  const asking = askingLater(command, request);
  if (asking.length === 0) throw notNeeded(request, signature, roles, [], command.context);
  requireTicket(policy.ticket, request);
  for (const { ring, policy: later } of asking) requireTicket(later.ticket, request, ring);
  const under = { signature, policyVersion: policy.version, roles, ...stagesOf(command, request) };
  return { type: 'StageSigned', data: under };
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
  { context, stagePolicies = [] }: ApproveChange | SignStage,
  request: Reviewed | DecidedPlan,
): Partial<Pick<SignedUnder, 'stages'>> {
  if (request.stages === undefined) return {};
  return { stages: signedStages(request, stagePolicies, requirePerson(context).roles) };
}

/** The later rings that this signature is asked for in. */
function askingLater(
  { context, stagePolicies: policies = [], signersNow }: ApproveChange | SignStage,
  request: Reviewed | DecidedPlan,
): readonly StageAsking[] {
  const started = startedOf(request);
  const { linked } = context;
  const standing = { started, policies, signatures: signaturesOf(request), signersNow, linked };
  return stagesAsking(request, standing, requirePerson(context));
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
  command: ApproveChange | RejectChange,
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
  { context, signature }: ApproveChange | RejectChange | SignStage,
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
