import { isSignedFor, type CommandContext, type PersonActor } from '#kernel';
import { SIGNING_ROLES } from '../approval-policy/approval-policy.js';
import { ReleaseControlError } from '../errors.js';
import { lacksRole } from '../lacks-role.js';
import { recordKindOf, type ElectronicSignature } from '../signature.js';
import { signing } from './review.js';

/**
 * Those of a person's roles that sign in a ring.
 * @throws ReleaseControlError `not-an-approver`
 */
export function requireSigningRoles(person: PersonActor, ring: string): readonly string[] {
  const held = signing(person.roles, ring);
  if (held.length > 0) return held;
  throw new ReleaseControlError('not-an-approver', lacksRole(person, SIGNING_ROLES, ring));
}

/**
 * A signature is its signer's, made for this very act, over the exact record (R19, R22).
 * @param id of the request
 * @throws ReleaseControlError `signature-required`, `record-changed`
 */
export function requireSignature(
  id: string,
  context: CommandContext,
  signature: ElectronicSignature,
  expected: Pick<ElectronicSignature, 'meaning' | 'recordDigest'>,
): void {
  const { meaning, recordDigest } = expected;
  if (!isSignedFor(context, signature, { meaning, recordKind: recordKindOf(meaning), record: id })) {
    throw new ReleaseControlError(
      'signature-required',
      `${id} is decided on by signing it, with the password or a security key given again`,
    );
  }
  if (signature.recordDigest !== recordDigest) {
    throw new ReleaseControlError(
      'record-changed',
      `the record signed (${signature.recordDigest}) is not ${id} as it stands (${recordDigest}); read it again`,
    );
  }
}
