import type { LinkedAccounts } from '#kernel';
import type { Requester } from '../authority.js';
import type { AccountPair } from './events.js';

interface Pending {
  readonly accounts: AccountPair;
  readonly requestedBy: Requester;
  readonly expiresAt: string;
}
interface Declared {
  readonly accounts: AccountPair;
  /** RFC 3339, UTC. */
  readonly from: string;
  /** Null: it holds. */
  readonly until: string | null;
}

export interface SamePersons {
  /** All that ever were, in order. */
  readonly declared: readonly Declared[];
  /** What waits for a second person, or ran out waiting, by {@link sameAsKey}. */
  readonly requested: ReadonlyMap<string, Pending>;
  readonly revocations: ReadonlyMap<string, Pending>;
}

export const noSamePersons: SamePersons = { declared: [], requested: new Map(), revocations: new Map() };

/** In one order, however they were named. @param one, other ids */
export function pairOf(one: string, other: string): AccountPair {
  return one < other ? [one, other] : [other, one];
}

export function sameAsKey(accounts: AccountPair): string {
  return accounts.join(' ');
}

export function isDeclared({ declared }: SamePersons, accounts: AccountPair): boolean {
  return declared.some((each) => each.until === null && sameAsKey(each.accounts) === sameAsKey(accounts));
}

export function pending(
  { requested, revocations }: SamePersons,
  accounts: AccountPair,
  ofRevocation: boolean,
): Pending | undefined {
  return (ofRevocation ? revocations : requested).get(sameAsKey(accounts));
}

/** Who has A and B, and B and C, has all three. @param asOf RFC 3339: what held then; absent: what holds now */
export function linkedAccountsOf({ declared }: SamePersons, asOf?: string): LinkedAccounts {
  const links = declared.filter(({ from, until }) =>
    asOf === undefined ? until === null : from <= asOf && (until === null || asOf < until),
  );
  const linked = new Map<string, string>();
  for (const { accounts } of links) {
    const [one = '', other = ''] = accounts.map((account) => linked.get(account) ?? account);
    const [stays, joins] = one < other ? [one, other] : [other, one];
    for (const account of [...linked.keys(), ...accounts])
      if ((linked.get(account) ?? account) === joins) linked.set(account, stays);
    for (const account of accounts) linked.set(account, stays);
  }
  return linked;
}
