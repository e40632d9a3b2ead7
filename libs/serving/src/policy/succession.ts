import { ServingError } from '../errors.js';
import type { Positioned, VerifiedPolicy } from './signed-policy.js';

/**
 * Whether `next` may be obeyed after `current`. A lower position is a database that was rolled back, an equal one with other bytes a fork:
 * both verify, and neither may ever undo what a later decision said.
 *
 * @returns false when it is the one that is obeyed already
 * @throws ServingError `policy-rolled-back`, `policy-forked`
 */
export function succeeds<Document extends Positioned>(
  current: VerifiedPolicy<Document> | undefined,
  next: VerifiedPolicy<Document>,
): boolean {
  if (!current) return true;
  const [from, to] = [BigInt(current.document.position), BigInt(next.document.position)];
  if (to > from) return true;
  if (to < from) {
    throw new ServingError(
      'policy-rolled-back',
      `the policy offered is of position ${to}, but position ${from} has been obeyed: the database holds an older state than this proxy has seen`,
    );
  }
  if (!Buffer.from(next.signed.document).equals(current.signed.document)) {
    throw new ServingError(
      'policy-forked',
      `two policy documents with different content claim position ${to}`,
    );
  }
  return false;
}
