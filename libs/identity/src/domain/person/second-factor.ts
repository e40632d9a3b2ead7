import { IdentityError } from '../errors.js';
import type { CodeUse, PersonEvent, SecondFactorUse } from './events.js';
import { requireKeyUse } from './security-keys.js';
import type { ActivePerson } from './state.js';

export const SECOND_COMPONENT_RULES = ['optional', 'required'] as const;
export type SecondComponentRule = (typeof SECOND_COMPONENT_RULES)[number];

/** How long after the offer of a secret its first code must come. */
export const OFFER_MINUTES = 15;

/** What a person proves anew who they are for. Within a period of signing one component is enough (R22); for all else it never is. */
export type ReauthenticationFor =
  { readonly what: 'signature'; readonly pauseMinutes: number } | { readonly what: 'credentials' };

/** An authenticator app, or a security key. */
export function hasSecondComponent({ secondFactor, keys }: ActivePerson): boolean {
  return secondFactor !== null || keys.length > 0;
}

/**
 * Where the site asks everybody for a second component, who has none enrols one, and signs nothing and does nothing else before (R22, R28).
 * @param has whether they have one
 * @throws IdentityError `second-component-missing`
 */
export function requireSecondComponent(rule: SecondComponentRule, has: boolean): void {
  if (rule !== 'required' || has) return;
  throw new IdentityError(
    'second-component-missing',
    'this site asks everybody for a second component, and you have none: "holdfast second-component enrol" enrols an authenticator app, "holdfast security-key enrol" a security key; nothing else is open to you before',
  );
}

/**
 * Whether one component is not enough. Everybody gives both of theirs for the first signature of a session, which opens a period of
 * signing, and again when it is over, so long after; within it the password, which nobody else knows, is enough, and so is a security key that makes sure of its
 * person (21 CFR 11.200(a)(1)(i) and (ii)).
 */
export function asksForBoth(
  person: ActivePerson,
  session: string,
  purpose: ReauthenticationFor,
  at: string,
): boolean {
  if (purpose.what === 'credentials') return true;
  const period = person.signingPeriod;
  if (period === null || period.session !== session) return true;
  const minutes = (Date.parse(at) - Date.parse(period.since)) / 60_000;
  // A clock that was set back has made no period longer.
  return minutes < 0 || minutes >= purpose.pauseMinutes;
}

/**
 * Each code and each answer is good once: whoever looked over a shoulder, or on the wire, has nothing (RFC 6238, 5.2).
 * @throws IdentityError `wrong-code`, `security-key-refused`, `security-key-count`
 */
export function requireUnused(person: ActivePerson, use: SecondFactorUse, at: string): void {
  if (!('step' in use)) return requireKeyUse(person, use, at);
  const { credential, step } = use;
  const { secondFactor } = person;
  if (secondFactor?.credential.id === credential && step > secondFactor.lastStep) return;
  throw wrongCode();
}

export function wrongCode(): IdentityError {
  return new IdentityError('wrong-code', 'the code is wrong, or was used already: wait for the next one');
}

/**
 * Whether all that a person has was given beside the password: the second component of who has one, else the login, which is the identification code of 21 CFR
 * 11.200(a)(1).
 */
export function gaveBoth(person: ActivePerson, { secondFactor, login }: BesideThePassword): boolean {
  return hasSecondComponent(person) ? Boolean(secondFactor) : login === true;
}

/** `login`: it was given, and is the person's. */
export interface BesideThePassword {
  readonly secondFactor?: SecondFactorUse | null;
  readonly login?: boolean;
}

/** @throws IdentityError `second-component-required`, `login-required` */
export function requireBoth(person: ActivePerson, beside: BesideThePassword): void {
  if (gaveBoth(person, beside)) return;
  throw hasSecondComponent(person) ? codeAskedFor(person) : loginAskedFor();
}

function loginAskedFor(): IdentityError {
  return new IdentityError('login-required', 'give your login beside the password');
}

function codeAskedFor({ secondFactor, keys }: ActivePerson): IdentityError {
  const asked = [
    ...(secondFactor === null ? [] : ['the code of your authenticator app']),
    ...(keys.length === 0 ? [] : ["a security key's answer"]),
  ];
  return new IdentityError('second-component-required', `give ${asked.join(' or ')} beside the password`);
}

export function noSecondComponent(): IdentityError {
  return new IdentityError('no-second-component', 'a code was given, and no second component is enrolled');
}

/** As an event names the code that was right, where one was given. */
export function given(secondFactor: SecondFactorUse | null): { readonly secondFactor?: SecondFactorUse } {
  return secondFactor ? { secondFactor } : {};
}

/** The code of the app shows that the secret arrived there. */
export function enrolSecondFactor(
  person: ActivePerson,
  session: string,
  use: CodeUse,
  at: string,
): readonly PersonEvent[] {
  const { offered, secondFactor } = person;
  if (offered === null || Date.parse(at) >= Date.parse(offered.expiresAt)) throw nothingOffered();
  if (offered.credential.id !== use.credential) throw wrongCode();
  const old = secondFactor?.credential.id ?? null;
  const { credential, step } = use;
  return [{ type: 'SecondFactorEnrolled', data: { credential, step, old, session } }];
}

export function nothingOffered(): IdentityError {
  return new IdentityError(
    'no-second-component-offered',
    `no secret waits for its first code: ask for one, and confirm it within ${OFFER_MINUTES} minutes`,
  );
}
