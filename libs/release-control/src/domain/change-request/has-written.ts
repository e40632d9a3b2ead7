import { isSamePerson, type AccountsKnown } from '#kernel';
import type { Author } from './events.js';

/** Who wrote a request: its author, and whoever worked on it before it was handed over. */
export interface Written {
  readonly author: Author;
  readonly earlierAuthors?: readonly Author[];
}

/** Whether somebody wrote a request, in whichever of their accounts (R27). @param account id */
export function hasWritten(
  { author, earlierAuthors = [] }: Written,
  account: string,
  known: AccountsKnown,
): boolean {
  return [author, ...earlierAuthors].some(({ id }) => isSamePerson(id, account, known));
}
