import { isSamePerson, type CommandContext } from '#kernel';
import { missing } from '../approval-policy/missing.js';
import { ReleaseControlError } from '../errors.js';
import type { ElectronicSignature } from '../signature.js';
import { requirePerson } from './allowed.js';
import type { RatifyEmergency, RefuseRatification } from './commands.js';
import type { ChangeRequestEvent } from './events.js';
import { hasWritten } from './has-written.js';
import { releaseDigestOf, type ReleaseRecord } from './record.js';
import { requireSignature, requireSigningRoles } from './require-signature.js';
import { isAskedFor, ratificationOf, withSignatory } from './review.js';
import { isEmergency, type ChangeRequest, type EmergencyRequest } from './state.js';

/**
 * A signature of the ratification. It takes what it would have taken to approve, by the policy in force, and two persons at least, none of whom wrote the
 * request or released it: nobody's own work is approved by way of an emergency (R27). Also after the ring was halted for want of it.
 * @throws ReleaseControlError for every refusal
 */
export function ratification(command: RatifyEmergency, state: ChangeRequest): ChangeRequestEvent {
  const request = openRatification(state);
  const { signature, policy, signersNow, context } = command;
  const { linked } = context;
  const roles = requireJudge(request, context, signature, 'ratified');
  const review = ratificationOf(request, policy, { signersNow, linked });
  const { rules, signatories, missing: needed } = review;
  const { signer, printedName } = signature;
  const signatory = { person: signer, roles };
  if (!isAskedFor(review, signatory)) {
    const again = signatories.some(({ person }) => isSamePerson(person, signer, context));
    throw new ReleaseControlError(
      again ? 'already-signed' : 'signature-not-needed',
      `the ratification of ${request.id} needs ${needed.join('; ')}: a signature by ${printedName}, in the role ${roles.join(' and ')}, is ${again ? 'there already' : 'not asked for'}`,
    );
  }
  const after = withSignatory(review, signatory);
  const notCounted = after.filter((each) => each.roles.length === 0).map(({ person }) => person);
  const under = { signature, policyVersion: policy.version, roles, notCounted };
  const still = needed.length === 0 ? [] : missing(rules, after);
  return still.length === 0
    ? { type: 'EmergencyRatified', data: under }
    : { type: 'RatificationSigned', data: { ...under, missing: still } };
}

/** One signature is enough to refuse it. */
export function refusal(command: RefuseRatification, state: ChangeRequest): ChangeRequestEvent {
  const request = openRatification(state);
  const { signature, policy } = command;
  const roles = requireJudge(request, command.context, signature, 'ratification-refused');
  return { type: 'RatificationRefused', data: { signature, policyVersion: policy.version, roles } };
}

/** The request and its release, as whoever ratifies reads and signs them. */
export function releaseRecordOf({ emergency, signature, ...request }: EmergencyRequest): ReleaseRecord {
  const { ratifyBy, soakPassedOver } = emergency;
  const passedOver = soakPassedOver === undefined ? {} : { soakPassedOver };
  return { ...request, release: released(request.signatures, signature), ratifyBy, ...passedOver };
}

function released(
  signatures: EmergencyRequest['signatures'],
  signature: ElectronicSignature,
): EmergencyRequest['signatures'][number] {
  return signatures.find(({ meaning }) => meaning === 'released') ?? signature;
}

/** @throws ReleaseControlError `no-such-change-request`, `not-an-emergency`, `not-allowed-in-status` */
function openRatification(state: ChangeRequest): EmergencyRequest {
  if (state.status === 'none')
    throw new ReleaseControlError('no-such-change-request', 'there is no such change request');
  if (!isEmergency(state))
    throw new ReleaseControlError('not-an-emergency', `${state.id} was not released in an emergency`);
  const { ratification: stands } = state.emergency;
  if (stands !== 'open')
    throw new ReleaseControlError(
      'not-allowed-in-status',
      `the ratification of ${state.id} is not open any more: it was ${stands}`,
    );
  if (state.status === 'stale')
    throw new ReleaseControlError(
      'not-allowed-in-status',
      `${state.id} became stale and never took effect: there is nothing to ratify`,
    );
  return state;
}

/** @throws ReleaseControlError `not-an-approver`, `author-cannot-approve`, `releaser-cannot-ratify`, `signature-required`, `record-changed` */
function requireJudge(
  request: EmergencyRequest,
  context: CommandContext,
  signature: ElectronicSignature,
  meaning: ElectronicSignature['meaning'],
): readonly string[] {
  const signer = requirePerson(context);
  const roles = requireSigningRoles(signer, request.ring);
  if (hasWritten(request, signer.id, context))
    throw new ReleaseControlError(
      'author-cannot-approve',
      `${signer.name} wrote ${request.id}; others have to ratify it`,
    );
  if (isSamePerson(signer.id, request.signature.signer, context))
    throw new ReleaseControlError(
      'releaser-cannot-ratify',
      `${signer.name} released ${request.id}; others have to ratify it`,
    );
  const recordDigest = releaseDigestOf(releaseRecordOf(request));
  requireSignature(request.id, context, signature, { meaning, recordDigest });
  return roles;
}
