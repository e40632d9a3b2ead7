import type { KeyUse, SecondFactorCredential, SecondFactorUse, SecurityKey } from './events.js';
import type { SignOnUse } from './single-sign-on-events.js';

/** How long an answer of a security key, or of an identity provider, is waited for, and good. */
export const CHALLENGE_MINUTES = 5;

/** `lastStep`: no code up to that one is good any more. */
interface SecondFactor {
  readonly credential: SecondFactorCredential;
  readonly lastStep: number;
}
/** A challenge waits for a new security key's answer. */
interface OfferedKey {
  readonly name: string;
  /** SHA-256, hex. */
  readonly challengeDigest: string;
  readonly session: string;
  readonly expiresAt: string;
}
interface AnsweredChallenge {
  readonly challenge: string;
  readonly expiresAt: string;
}

/** What a person has beside the password. */
export interface SecondComponents {
  readonly secondFactor: SecondFactor | null;
  /** In the order in which they were enrolled, each with the count that it gave last. */
  readonly keys: readonly SecurityKey[];
  readonly offeredKey: OfferedKey | null;
  /** Challenges, and nonces of single sign-on, that were answered and would last still. */
  readonly answered: readonly AnsweredChallenge[];
  /** Shown, and not confirmed yet. */
  readonly offered: { readonly credential: SecondFactorCredential; readonly expiresAt: string } | null;
}

export const NO_SECOND_COMPONENT: SecondComponents = {
  secondFactor: null,
  keys: [],
  offeredKey: null,
  answered: [],
  offered: null,
};

/** After a code or a key's answer was right. */
export function used<Person extends SecondComponents>(
  person: Person,
  use: SecondFactorUse | undefined,
): Person {
  const { secondFactor } = person;
  if (use === undefined) return person;
  if (!('step' in use)) return keyUsed(person, use);
  if (secondFactor === null) return person;
  return {
    ...person,
    secondFactor: { ...secondFactor, lastStep: Math.max(secondFactor.lastStep, use.step) },
  };
}

function keyUsed<Person extends SecondComponents>(
  person: Person,
  { credential, challenge, expiresAt, signCount }: KeyUse,
): Person {
  const keys = person.keys.map((key) => (key.id === credential ? { ...key, signCount } : key));
  return { ...person, keys, answered: answeredAnd(person, { challenge, expiresAt }) };
}

/** After an identity provider's answer was right. */
export function signedOn<Person extends SecondComponents>(
  person: Person,
  use: SignOnUse | undefined,
): Person {
  if (use === undefined) return person;
  const { nonce: challenge, expiresAt } = use;
  return { ...person, answered: answeredAnd(person, { challenge, expiresAt }) };
}

function answeredAnd({ answered }: SecondComponents, now: AnsweredChallenge): readonly AnsweredChallenge[] {
  // The one that was answered now was given no longer ago than it lasts: what would have ended by then is refused for its age.
  const given = Date.parse(now.expiresAt) - CHALLENGE_MINUTES * 60_000;
  return [...answered.filter((each) => Date.parse(each.expiresAt) > given), now];
}
