import { actorName, type CommandContext } from '#kernel';
import { hasWritten, type Written } from '../change-request/has-written.js';
import { signing } from '../change-request/review.js';
import { SIGNING_ROLES } from '../approval-policy/approval-policy.js';
import { ReleaseControlError } from '../errors.js';
import { lacksRole } from '../lacks-role.js';

/**
 * What stays behind is judged by a person who signs in the ring, and who did not ask for it themself, in whichever of their accounts (R27).
 * @param wrote who wrote the requests by which it is held
 * @param why in words: who says such a thing
 * @throws ReleaseControlError `hold-terms-need-a-signer`, `author-cannot-verify`
 */
export function requireOtherSigner(
  {
    ring,
    wrote,
    context,
  }: { readonly ring: string; readonly wrote: readonly Written[]; readonly context: CommandContext },
  why: string,
): void {
  const { actor } = context;
  if (actor.kind !== 'person')
    throw new ReleaseControlError('hold-terms-need-a-signer', `${actorName(actor)} is not a person: ${why}`);
  if (signing(actor.roles, ring).length === 0)
    throw new ReleaseControlError(
      'hold-terms-need-a-signer',
      `${lacksRole(actor, SIGNING_ROLES, ring)}: ${why}`,
    );
  if (wrote.some((each) => hasWritten(each, actor.id, context)))
    throw new ReleaseControlError(
      'author-cannot-verify',
      `${actor.name} wrote the change request by which it is held: somebody else has to judge it`,
    );
}
