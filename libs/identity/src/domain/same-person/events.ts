import type { DomainEvent } from '#kernel';
import type { Requester } from '../authority.js';

/** Two accounts, by person id, the smaller one first. */
export type AccountPair = readonly [string, string];

interface Asked {
  readonly accounts: AccountPair;
  readonly requestedBy: Requester;
  /** RFC 3339, UTC. */
  readonly expiresAt: string;
}
interface Confirmed {
  readonly accounts: AccountPair;
  readonly requestedBy: Requester;
  readonly confirmedBy: Requester;
  /** RFC 3339, UTC: from when on it holds. */
  readonly at: string;
}

/** An admin says that two accounts are one person's; a second person confirms it, or it runs out. */
export type SamePersonRequested = DomainEvent<'SamePersonRequested', Asked>;
/** Both said so: whoever counts persons counts one from then on. While the site is set up, the admin who said it stands for both. */
export type SamePersonDeclared = DomainEvent<'SamePersonDeclared', Confirmed>;
/** An admin says that it was a mistake; a second person confirms it, or it runs out. */
export type SamePersonRevocationRequested = DomainEvent<'SamePersonRevocationRequested', Asked>;
export type SamePersonRevoked = DomainEvent<'SamePersonRevoked', Confirmed>;

export type SamePersonEvent =
  SamePersonRequested | SamePersonDeclared | SamePersonRevocationRequested | SamePersonRevoked;
