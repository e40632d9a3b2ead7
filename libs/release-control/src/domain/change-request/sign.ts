import { missing } from '../approval-policy/missing.js';
import { requireTicket } from '../approval-policy/ticket-rule.js';
import { ReleaseControlError } from '../errors.js';
import type { ElectronicSignature } from '../signature.js';
import { allowed, requirePerson } from './allowed.js';
import type { ApproveChange, RejectChange } from './commands.js';
import type { ChangeRequestEvent, ResolvedChange } from './events.js';
import { othersOnly } from './others-only.js';
import { requireSignature, requireSigningRoles } from './require-signature.js';
import { isAskedFor, reviewOf, withSignatory, type Reviewed } from './review.js';
import { requireInTime } from './window.js';
import { signaturesOf, type ChangeRequest } from './state.js';

/**
 * One approver's signature: it completes what the policy in force asks for, or says what is missing after it. One that is not asked for is refused,
 * so that nobody signs for nothing. One that completes what earlier ones fill by now may be of whoever signed before too, and keeps the earlier turn in an order.
 */
export function approval(command: ApproveChange, state: ChangeRequest): ChangeRequestEvent {
  const { request, signature, roles } = sign(command, 'approved', state);
  for (const change of request.changes) requireOther(request.id, signature, change);
  const { policy, signersNow } = command;
  requireTicket(policy.ticket, request);
  const review = reviewOf(request, policy, signersNow);
  const { rules, missing: needed } = review;
  const signatory = { person: signature.signer, roles };
  if (!isAskedFor(review, signatory)) throw notNeeded(request, signature, roles, needed);
  const after = withSignatory(review, signatory);
  const notCounted = after.filter((each) => each.roles.length === 0).map(({ person }) => person);
  const under = { signature, policyVersion: policy.version, roles, notCounted };
  const still = needed.length === 0 ? [] : missing(rules, after);
  const awaits = policy.ticket?.approved === 'before-effect';
  return still.length === 0
    ? { type: 'ChangeApproved', data: { ...under, ...(awaits ? { awaitsTicket: true } : {}) } }
    : { type: 'ApprovalSigned', data: { ...under, missing: still } };
}

function notNeeded(
  request: Reviewed,
  { signer, printedName }: ElectronicSignature,
  roles: readonly string[],
  needed: readonly string[],
): ReleaseControlError {
  const asked = `${request.id} needs ${needed.join('; ')}`;
  return signaturesOf(request).some((each) => each.signer === signer)
    ? new ReleaseControlError('already-signed', `${printedName} has signed already; ${asked}`)
    : new ReleaseControlError(
        'signature-not-needed',
        `a signature by ${printedName}, in the role ${roles.join(' and ')}, is not asked for: ${asked}`,
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
  requireInTime(request, command.context.at);
  const signer = requirePerson(command.context);
  const { signature } = command;
  const roles = requireSigningRoles(signer, request.ring);
  if (signer.id === request.author.id) {
    throw new ReleaseControlError(
      'author-cannot-approve',
      `${signer.name} wrote ${request.id}; somebody else has to decide on it`,
    );
  }
  const { recordDigest } = request;
  requireSignature(request.id, command.context, signature, { meaning, recordDigest });
  return { request, signature, roles };
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
): void {
  const own = othersOnly(change, signer);
  if (own === undefined) return;
  const what =
    own === 'own-emergency'
      ? `${printedName} wrote or released what was not ratified, and ${id} would end the halt for it`
      : `${id} would put ${printedName} on call`;
  throw new ReleaseControlError(own, `${what}: others have to approve that`);
}
