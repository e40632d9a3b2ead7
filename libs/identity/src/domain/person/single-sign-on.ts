import { requireAdmin, requireAnotherThan, requireNotAsked, requester } from '../authority.js';
import { IdentityError } from '../errors.js';
import type { BindSingleSignOn, RemoveSingleSignOn, RequestSingleSignOn } from './commands.js';
import type { PersonEvent } from './events.js';
import type { SignOnIdentity, SignOnUse } from './single-sign-on-events.js';
import { isOver, REQUEST_HOURS, requestEnd } from './requests.js';
import { requireCurrent } from './require-current.js';
import { requireSession } from './require-session.js';
import type { ReauthenticationFor } from './second-factor.js';
import type { ActivePerson, Person } from './state.js';

/** As long as a subject may be (OpenID Connect Core 1.0, 2). */
export const LONGEST_SUBJECT = 255;

/** An admin says whom the provider knows the person as; nothing counts before they accept it. */
export function requestSingleSignOn(
  { context, person, issuer, claim, subject }: RequestSingleSignOn,
  state: Person,
): readonly PersonEvent[] {
  requireAdmin(context);
  requireAnotherThan(person, context);
  requireCurrent(state, 'active');
  requireSubject(subject);
  const requested = { requestedBy: requester(context), expiresAt: requestEnd(context.at) };
  return [{ type: 'SingleSignOnRequested', data: { issuer, claim, subject, ...requested } }];
}

/** @throws IdentityError `invalid-subject` */
export function requireSubject(subject: string): void {
  const length = subject.length;
  if (length >= 1 && length <= LONGEST_SUBJECT && subject.isWellFormed() && !/\p{Cc}/u.test(subject)) return;
  throw new IdentityError(
    'invalid-subject',
    `a subject has 1 to ${LONGEST_SUBJECT} characters, and no line break`,
  );
}

/**
 * It takes two, and neither makes a credential for another: the admin who asked, who cannot accept, and the person, who proved with all their own components who
 * they are, and that they are who signs in there.
 * @throws IdentityError `not-signed-in`, `no-single-sign-on-requested`, `single-sign-on-refused`
 */
export function bindSingleSignOn(
  { session, identity, use, requesterIsAdmin, context }: BindSingleSignOn,
  state: Person,
): readonly PersonEvent[] {
  const { person } = requireSession(state, session, context.at);
  const { issuer, claim, subject, requestedBy } = requestedSignOn(person, context.at);
  requireStillAdmin(requestedBy, requesterIsAdmin);
  requireNotAsked(requestedBy, context);
  if (!isSame(identity, { issuer, claim, subject })) throw signedInAsAnother(identity.subject, subject);
  requireUnanswered(person, use, context.at);
  const old = person.singleSignOn?.credential ?? null;
  const data = { issuer, claim, subject, use, old, requestedBy, session };
  return [{ type: 'SingleSignOnBound', data }];
}

/** That who asked for it still may. @throws IdentityError `no-single-sign-on-requested` */
export function requireStillAdmin(requestedBy: { readonly name: string }, requesterIsAdmin: boolean): void {
  if (requesterIsAdmin) return;
  throw new IdentityError(
    'no-single-sign-on-requested',
    `${requestedBy.name}, who asked for it, is no admin any more: have it asked for again`,
  );
}

/** What waits for the person to accept it. @throws IdentityError `no-single-sign-on-requested` */
export function requestedSignOn(
  { requestedSignOn: requested }: ActivePerson,
  at: string,
): NonNullable<ActivePerson['requestedSignOn']> {
  if (requested !== null && !isOver(requested.expiresAt, at)) return requested;
  throw new IdentityError(
    'no-single-sign-on-requested',
    `no admin has asked in the last ${REQUEST_HOURS / 24} days for you to sign in with single sign-on`,
  );
}

/** To take away takes one admin, at once. @throws IdentityError `no-single-sign-on` */
export function removeSingleSignOn(
  { context, person }: RemoveSingleSignOn,
  state: Person,
): readonly PersonEvent[] {
  requireAdmin(context);
  requireAnotherThan(person, context);
  const { name, singleSignOn } = requireCurrent(state, 'active');
  if (singleSignOn === null) {
    throw new IdentityError('no-single-sign-on', `${name} does not sign in with single sign-on`);
  }
  return [{ type: 'SingleSignOnRemoved', data: singleSignOn }];
}

/**
 * An answer of the identity provider counts once, and for who is bound to that identity at this moment.
 * @throws IdentityError `single-sign-on-refused`
 */
export function requireSignOn(person: ActivePerson, use: SignOnUse, at: string): void {
  if (person.singleSignOn?.credential !== use.credential) {
    throw refusedSignOn('you are not bound to that identity any more: sign in with the password');
  }
  requireUnanswered(person, use, at);
}

function requireUnanswered(person: ActivePerson, { nonce, expiresAt }: SignOnUse, at: string): void {
  if (isOver(expiresAt, at)) throw refusedSignOn('it was too long ago: sign in there again');
  if (person.answered.some(({ challenge }) => challenge === nonce)) {
    throw refusedSignOn('it was used before: sign in there again');
  }
}

/**
 * Whom a provider made sure of gives a second component beside, each time: the provider's word identifies, and is not what only the signer can use (R22). Nothing that
 * concerns credentials is done by its word.
 * @throws IdentityError `password-required`, `second-component-missing`
 */
export function signOnAsksForBoth(
  { secondFactor, keys }: ActivePerson,
  { asked, purpose }: { readonly asked: boolean; readonly purpose: ReauthenticationFor },
): boolean {
  if (!asked) return false;
  if (purpose.what !== 'signature') {
    throw new IdentityError('password-required', 'what concerns credentials takes your password');
  }
  if (secondFactor === null && keys.length === 0) throw signOnAlone();
  return true;
}

export function signOnAlone(): IdentityError {
  return new IdentityError(
    'second-component-missing',
    'single sign-on alone signs nothing, and you have no second component: "holdfast second-component enrol" enrols an authenticator app, "holdfast security-key enrol" a security key',
  );
}

/** As commands and events name the answer, where one was given. */
export function signOnGiven(singleSignOn: SignOnUse | null | undefined): {
  readonly singleSignOn?: SignOnUse;
} {
  return singleSignOn ? { singleSignOn } : {};
}

export function isSame(one: SignOnIdentity, other: SignOnIdentity): boolean {
  return one.issuer === other.issuer && one.claim === other.claim && one.subject === other.subject;
}

export function signedInAsAnother(found: string, expected: string): IdentityError {
  return refusedSignOn(`you signed in there as ${found}, and ${expected} is expected`);
}

export function refusedSignOn(why: string): IdentityError {
  return new IdentityError('single-sign-on-refused', `single sign-on does not count: ${why}`);
}
