import { isSamePerson, type AccountsKnown } from '#kernel';
import type { SignatureMeaning } from '../signature.js';
import { signaturesOf, type ChangeRequest } from './state.js';

/** What an approval policy counts signatures of. */
export type CountedMeaning = Extract<SignatureMeaning, 'approved' | 'reviewed'>;

const OTHER = { approved: 'reviewed', reviewed: 'approved' } as const;

/**
 * Whether somebody has signed the other thing of a request as it is now, in whichever of their accounts: they do not sign this, whether that counts still or not (R27).
 * @param person id
 */
export function hasSignedOther(
  request: ChangeRequest,
  person: string,
  meaning: CountedMeaning,
  known: AccountsKnown,
): boolean {
  return signaturesOf(request).some(
    (each) => each.meaning === OTHER[meaning] && isSamePerson(each.signer, person, known),
  );
}
