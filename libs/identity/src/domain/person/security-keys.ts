import { lasts, later } from '#kernel';
import { IdentityError } from '../errors.js';
import type { EnrolSecurityKey, OfferSecurityKey, RemoveSecurityKey, ReportKeyCount } from './commands.js';
import type { KeyUse, PersonEvent, SecurityKey } from './events.js';
import { requireSession } from './require-session.js';
import { CHALLENGE_MINUTES } from './second-components.js';
import type { ActivePerson, Person } from './state.js';

/** More than anybody carries. */
const MOST_SECURITY_KEYS = 10;
export const LONGEST_KEY_NAME = 60;

export function offerSecurityKey(
  { name: said, session, challengeDigest, context }: OfferSecurityKey,
  state: Person,
): readonly PersonEvent[] {
  const name = said.trim();
  requireRoom(requireSession(state, session, context.at).person, name);
  const expiresAt = later(context.at, CHALLENGE_MINUTES * 60_000);
  return [{ type: 'SecurityKeyOffered', data: { name, challengeDigest, session, expiresAt } }];
}

export function enrolSecurityKey(
  { session, challengeDigest, key, context }: EnrolSecurityKey,
  state: Person,
): readonly PersonEvent[] {
  const { person } = requireSession(state, session, context.at);
  const offered = offeredKey(person, session, context.at);
  if (offered.challengeDigest !== challengeDigest) throw nothingOffered();
  const { name } = offered;
  requireRoom(person, name);
  if (person.keys.some(({ credentialId }) => credentialId === key.credentialId)) {
    throw new IdentityError('security-key-refused', 'that security key is enrolled already');
  }
  return [{ type: 'SecurityKeyEnrolled', data: { key: { ...key, name }, challengeDigest, session } }];
}

/** What waits for the answer, in the session in which it was asked for. @throws IdentityError `no-security-key-offered` */
export function offeredKey(
  { offeredKey: offered }: ActivePerson,
  session: string,
  at: string,
): NonNullable<ActivePerson['offeredKey']> {
  const waits = offered !== null && lasts(offered.expiresAt, at, CHALLENGE_MINUTES * 60_000);
  if (waits && offered.session === session) return offered;
  throw nothingOffered();
}

function nothingOffered(): IdentityError {
  return new IdentityError(
    'no-security-key-offered',
    `no challenge waits for a new security key's answer: ask for one, and answer within ${CHALLENGE_MINUTES} minutes`,
  );
}

export function removeSecurityKey(
  { session, key: id, context }: RemoveSecurityKey,
  state: Person,
): readonly PersonEvent[] {
  const { person } = requireSession(state, session, context.at);
  const key = person.keys.find((each) => each.id === id);
  if (!key) throw new IdentityError('no-such-security-key', `no security key of yours has the id ${id}`);
  return [{ type: 'SecurityKeyRemoved', data: { key: id, name: key.name, session } }];
}

/** Whoever comes later with the same finding says nothing new. */
export function reportKeyCount({ key: id, found }: ReportKeyCount, state: Person): readonly PersonEvent[] {
  const key = state.status === 'active' ? state.keys.find((each) => each.id === id) : undefined;
  if (!key || !wentBack(key, found)) return [];
  const { name, signCount: known } = key;
  return [{ type: 'SecurityKeyCountWentBack', data: { key: id, name, known, found } }];
}

/**
 * A challenge is answered once, and a key counts up: an answer that was seen before proves nothing, and a key that was copied gives itself away
 * (W3C WebAuthn, 7.2, step 22).
 * @throws IdentityError `security-key-refused`, `security-key-count`
 */
export function requireKeyUse(
  person: ActivePerson,
  { credential, challenge, expiresAt, signCount }: KeyUse,
  at: string,
): void {
  const key = person.keys.find(({ id }) => id === credential);
  if (!key) throw new IdentityError('security-key-refused', 'that security key is not one of yours any more');
  if (Date.parse(at) >= Date.parse(expiresAt)) {
    throw new IdentityError('security-key-refused', 'the challenge has ended meanwhile: ask for a new one');
  }
  if (person.answered.some((each) => each.challenge === challenge)) {
    throw new IdentityError('security-key-refused', 'that answer was given before: ask for a new challenge');
  }
  if (wentBack(key, signCount)) {
    throw new IdentityError(
      'security-key-count',
      `the security key ${key.name} says that it signed ${signCount} times, and had signed ${key.signCount} times before: there may be two of it. Remove it, and tell who looks after security`,
    );
  }
}

/** A key that does not count says 0 each time. */
function wentBack({ signCount }: SecurityKey, found: number): boolean {
  return (signCount > 0 || found > 0) && found <= signCount;
}

function requireRoom({ keys }: ActivePerson, name: string): void {
  if (name === '' || name.length > LONGEST_KEY_NAME) {
    throw new IdentityError(
      'invalid-key-name',
      `give the security key a name of at most ${LONGEST_KEY_NAME} characters, such as "blue one, on my ring"`,
    );
  }
  if (keys.some((each) => each.name.toLowerCase() === name.toLowerCase())) {
    throw new IdentityError('security-key-name-taken', `another security key of yours is called ${name}`);
  }
  if (keys.length >= MOST_SECURITY_KEYS) {
    throw new IdentityError(
      'too-many-security-keys',
      `you have ${keys.length} security keys, and nobody may have more: remove one`,
    );
  }
}
