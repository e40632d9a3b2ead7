import { authoredOf, isStanding, type AuthorsNow } from '../../domain/change-request/authored.js';
import type { ChangeRequest } from '../../domain/change-request/state.js';
import type { RecordedSignature } from '../../domain/signature.js';

/**
 * A signature, and whether it counts: not when its signer was disabled or reset, or lost the role, before the request was decided; and of somebody who
 * signed again, only the last.
 */
export interface ShownSignature extends RecordedSignature {
  readonly counts: boolean;
}

/** @param signatures in the order in which they were made @param notCounted ids of persons */
export function shownSignatures(
  signatures: readonly RecordedSignature[],
  notCounted: readonly string[],
): readonly ShownSignature[] {
  const last = new Map(signatures.map((each) => [each.signer, each]));
  return signatures.map((each) => {
    return { ...each, counts: last.get(each.signer) === each && !notCounted.includes(each.signer) };
  });
}

/** Those of its author: only one that is of the request as it is, and of who still is its author, says anything of it. @param now undefined once it is decided */
export function shownAuthored(
  request: Exclude<ChangeRequest, { status: 'none' }>,
  now: AuthorsNow | undefined,
): readonly ShownSignature[] {
  return authoredOf(request).map((each) => ({ ...each, counts: isStanding(each, request, now) }));
}
