import type { SecondFactorUse } from '../domain/person/events.js';
import type { CountedFailures } from '../domain/person/commands.js';
import type { SignOnUse } from '../domain/person/single-sign-on-events.js';
import type { ActivePerson } from '../domain/person/state.js';
import type { KeyEvidence } from '../security-keys/key-answer.js';
import type { KeyAnswer } from '../security-keys/security-keys.js';
import type { SignedOn } from '../single-sign-on/sealed-sign-ons.js';

/** What somebody gives to prove who they are. */
export interface GivenComponents {
  /** Where it is asked for within a session, which says already whose it has to be. */
  readonly login?: string | undefined;
  /** Absent where a security key, or an identity provider, may stand in for it. */
  readonly password?: string | undefined;
  /** What the person's identity provider answered, opened. */
  readonly signOn?: SignedOn | undefined;
  /** Of their authenticator app. */
  readonly code?: string | undefined;
  /** A security key's, in place of a code. */
  readonly key?: KeyAnswer | undefined;
}

/** A person's id, or the login that nobody has. */
export type WhoIsAsked = string | { readonly unknown: string };

export interface RightComponents {
  readonly id: string;
  readonly person: ActivePerson;
  /** The id of the password that was right; null where a security key or an identity provider stands in for it. */
  readonly password: string | null;
  /** Whether the login was given beside the password: it was theirs. */
  readonly login: boolean;
  /** What the identity provider answered, where it was asked. */
  readonly signOn: SignOnUse | null;
  /** The code or the key's answer that was right; null where none was given. */
  readonly secondFactor: SecondFactorUse | null;
  /** Of the key's answer, where one was given. */
  readonly evidence: KeyEvidence | null;
  /** For who is told to record. */
  readonly failuresBefore: CountedFailures | null;
}
