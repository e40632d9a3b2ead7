/**
 * Accounts that were declared to be one person's (R27): each of them, by id, and the one that stands for all of that person's. Who has one account is not
 * in it.
 */
export type LinkedAccounts = ReadonlyMap<string, string>;

export const NO_LINKED_ACCOUNTS: LinkedAccounts = new Map();

/** The account that stands for whoever has this one. @param account id */
export function personBehind(account: string, linked: LinkedAccounts = NO_LINKED_ACCOUNTS): string {
  return linked.get(account) ?? account;
}

/** What is known of whose accounts they are; without it, each is somebody's alone. */
export interface AccountsKnown {
  readonly linked?: LinkedAccounts | undefined;
}

/** Whether two accounts are one person's, as far as it is known when the command is decided. @param one, other ids */
export function isSamePerson(one: string, other: string, { linked }: AccountsKnown): boolean {
  return personBehind(one, linked) === personBehind(other, linked);
}
