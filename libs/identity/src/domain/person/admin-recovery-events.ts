import type { DomainEvent } from '#kernel';
import type { Requester } from '../authority.js';

/** Where a recovery of an admin began, as that machine says it. */
export interface RecoveryHost {
  readonly name: string;
  /** Of the operating system, and who became that by sudo. */
  readonly account: string;
  /** The id of its proof that it has the site's key. */
  readonly proof: string;
}
/** On the host, when admins cannot act any more: another person who signs confirms it, not before admins had time to sign in, or it runs out. */
export type AdminRecoveryRequested = DomainEvent<
  'AdminRecoveryRequested',
  {
    readonly request: string;
    readonly requestedBy: Requester;
    readonly host: RecoveryHost;
    readonly at: string;
    readonly notBefore: string;
    readonly expiresAt: string;
  }
>;
/** What follows in the same append voids what the person proved themself with, and makes them an admin where they were none. */
export type AdminRecovered = DomainEvent<
  'AdminRecovered',
  {
    readonly request: string;
    readonly requestedBy: Requester;
    readonly confirmedBy: Requester;
    readonly host: RecoveryHost;
  }
>;
