import { recordDigest, type JsonObject } from '#kernel';
import { SIGNING_ROLES } from '../approval-policy/approval-policy.js';
import { filled, missing } from '../approval-policy/missing.js';
import { ReleaseControlError } from '../errors.js';
import { saysTheSame, type ElectronicSignature } from '../signature.js';
import { allowed, requirePerson } from './allowed.js';
import type { ApproveChange, RejectChange } from './commands.js';
import type { ChangeRequestEvent } from './events.js';
import { reviewOf, signing, type Reviewed } from './review.js';
import { signaturesOf, type ChangeRequest } from './state.js';

/**
 * One approver's signature: it completes what the policy in force asks for, or says what is missing after it. One that is not asked for is refused,
 * so that nobody signs for nothing. Where signatures that were made before are enough by now, since less is asked for, any one more completes them, whoever
 * makes it: also of who signed before, and keeps the earlier turn in an order.
 */
export function approval(command: ApproveChange, state: ChangeRequest): ChangeRequestEvent {
  const { request, signature, roles } = sign(command, 'approved', state);
  const { policy, signersNow } = command;
  const { rules, signatories, missing: needed } = reviewOf(request, policy, signersNow);
  const { signer } = signature;
  const after = [...signatories.filter(({ person }) => person !== signer), { person: signer, roles }];
  if (needed.length > 0 && filled(rules, after) <= filled(rules, signatories)) {
    throw notNeeded(request, signature, roles, needed);
  }
  const notCounted = after.filter((each) => each.roles.length === 0).map(({ person }) => person);
  const under = { signature, policyVersion: policy.version, roles, notCounted };
  const still = needed.length === 0 ? [] : missing(rules, after);
  return still.length === 0
    ? { type: 'ChangeApproved', data: under }
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
  const signer = requirePerson(command.context);
  const { signature } = command;
  const roles = signing(signer.roles, request.ring);
  if (roles.length === 0) {
    throw new ReleaseControlError(
      'not-an-approver',
      `${signer.name} does not have the role ${SIGNING_ROLES.join(' or ')} in the ring ${request.ring}, or is an admin`,
    );
  }
  if (signer.id === request.author.id) {
    throw new ReleaseControlError(
      'author-cannot-approve',
      `${signer.name} wrote ${request.id}; somebody else has to decide on it`,
    );
  }
  const proved = signer.auth === 'password' || signer.auth === 'security-key';
  const reasonDigest = recordDigest(command.context.reason as unknown as JsonObject);
  const bound = saysTheSame(signature, request.id, reasonDigest);
  if (!proved || !bound || signature.signer !== signer.id || signature.meaning !== meaning) {
    throw new ReleaseControlError(
      'signature-required',
      `${request.id} is decided on by signing it, with the password or a security key given again`,
    );
  }
  if (signature.recordDigest !== request.recordDigest) {
    throw new ReleaseControlError(
      'record-changed',
      `the record signed (${signature.recordDigest}) is not ${request.id} as it stands (${request.recordDigest}); read it again`,
    );
  }
  return { request, signature, roles };
}

/** One signature is enough to reject, whatever others signed before. */
export function rejection(command: RejectChange, state: ChangeRequest): ChangeRequestEvent {
  const { signature, roles } = sign(command, 'rejected', state);
  return { type: 'ChangeRejected', data: { signature, policyVersion: command.policy.version, roles } };
}
