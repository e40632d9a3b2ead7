import { covers, inOrder, type HeldRole } from '../roles.js';
import type { Credential, EnrolmentSecret, PersonEvent, SessionTimedOut } from './events.js';
import { NOTHING_OPEN, type Open } from './open-requests.js';
import { boundAs, NO_SIGN_ON, type SignOnState } from './sign-on-state.js';
import { gaveBoth } from './second-factor.js';
import { NO_SECOND_COMPONENT, signedOn, used, type SecondComponents } from './second-components.js';

interface Known {
  readonly login: string;
  readonly name: string;
  readonly firstAdmin: boolean;
  readonly roles: readonly HeldRole[];
  /** Credentials whose tampering is in the history already. */
  readonly tampered: readonly string[];
  /** How often the person was reset: tokens issued before the last time are void. */
  readonly resets: number;
  /** Whether the newest secret for setting a password came in two parts, from two people. */
  readonly secretOfTwo: boolean;
  /** By what the site knows the human, as a keyed digest, hex; null: nobody said it. */
  readonly identityReference: string | null;
  /** As an admin, on the host: they have no role without a second component. */
  readonly recovered: boolean;
}
interface Signing extends Known, Open, SecondComponents, SignOnState {
  readonly password: Credential;
  /** RFC 3339; null where the event does not say it and nobody has signed in since. */
  readonly passwordSetAt: string | null;
  /** Opened by both components, proved for a signature. How long it lasts, the site says. */
  readonly signingPeriod: { readonly session: string; readonly since: string } | null;
  /** Session id → when it ends. What was signed out is not in it; what has ended by itself may be. */
  readonly sessions: ReadonlyMap<string, string>;
  /** Of those that ended for not being used the last, so that whoever has it can be told why. */
  readonly timedOut: SessionTimedOut['data'] | null;
  /** When the session ends, or would have, that began last. RFC 3339; null: none has. */
  readonly signedInUntil: string | null;
  readonly failuresInARow: number;
  readonly lockedUntil: string | null;
}

/**
 *   (unknown) ─enrol→ enrolled ─first password→ active ─disable→ disabled
 *                        ↑└──────────disable──────│──────────────┘
 *                        └─────reset by two───────┘
 */
export type Person =
  | { readonly status: 'unknown' }
  | ({ readonly status: 'enrolled'; readonly enrolment: EnrolmentSecret } & Known & Open)
  | ({ readonly status: 'active' } & Signing)
  | ({ readonly status: 'disabled' } & Known);

export type PersonStatus = Person['status'];
export type ActivePerson = Extract<Person, { status: 'active' }>;
export type KnownPerson = Exclude<Person, { status: 'unknown' }>;

export const unknownPerson: Person = { status: 'unknown' };

/** Folds an event in. An event that does not follow from the state cannot have been decided: the history is not this stream's. */
export function evolve(state: Person, event: PersonEvent): Person {
  switch (event.type) {
    case 'PersonEnrolled': {
      const { login, name, firstAdmin, identityReference = null, credential } = event.data;
      return {
        status: 'enrolled',
        login,
        name,
        firstAdmin,
        roles: [],
        tampered: [],
        resets: 0,
        secretOfTwo: false,
        recovered: false,
        identityReference,
        ...NOTHING_OPEN,
        enrolment: credential,
      };
    }
    case 'IdentityReferenceRequested':
      return { ...require(state, 'enrolled', 'active'), requestedReference: event.data };
    case 'IdentityReferenceRecorded': {
      const { reference: identityReference } = event.data;
      return { ...require(state, 'enrolled', 'active'), identityReference, requestedReference: null };
    }
    case 'EnrolmentRenewed':
      return { ...require(state, 'enrolled'), enrolment: event.data.credential, secretOfTwo: false };
    case 'PasswordSet': {
      const enrolled = require(state, 'enrolled');
      return {
        ...knownPart(enrolled),
        reset: enrolled.reset,
        recovery: enrolled.recovery,
        requestedRoles: enrolled.requestedRoles,
        requestedReference: enrolled.requestedReference,
        status: 'active',
        password: event.data.credential,
        passwordSetAt: event.data.at ?? null,
        ...NO_SECOND_COMPONENT,
        ...NO_SIGN_ON,
        signingPeriod: null,
        sessions: new Map(),
        timedOut: null,
        signedInUntil: null,
        failuresInARow: 0,
        lockedUntil: null,
      };
    }
    case 'PasswordChanged': {
      const { credential, at } = event.data;
      const active = require(state, 'active');
      return { ...active, password: credential, passwordSetAt: at, sessions: new Map(), signingPeriod: null };
    }
    case 'ResetRequested':
      return { ...require(state, 'enrolled', 'active'), reset: event.data };
    case 'PersonReset': {
      const known = require(state, 'enrolled', 'active');
      const { requestedRoles, requestedReference, resets } = known;
      const open = { reset: null, recovery: null, requestedRoles, requestedReference };
      const anew = { ...open, resets: resets + 1, secretOfTwo: true };
      return { ...knownPart(known), ...anew, status: 'enrolled', enrolment: event.data.credential };
    }
    case 'AdminRecoveryRequested':
      return { ...require(state, 'enrolled', 'active'), recovery: event.data };
    case 'AdminRecovered':
      return { ...require(state, 'enrolled', 'active'), recovery: null, recovered: true };
    case 'RoleRequested': {
      const known = require(state, 'enrolled', 'active');
      return { ...known, requestedRoles: new Map(known.requestedRoles).set(event.data.role, event.data) };
    }
    case 'RoleGranted': {
      const known = require(state, 'enrolled', 'active');
      const roles = inOrder(event.data.new);
      const requestedRoles = new Map([...known.requestedRoles].filter(([role]) => !covers(roles, role)));
      return { ...known, requestedRoles, roles };
    }
    case 'RoleRevoked':
      return { ...require(state, 'enrolled', 'active'), roles: inOrder(event.data.new) };
    case 'PersonDisabled':
      return { ...knownPart(require(state, 'enrolled', 'active')), status: 'disabled' };
    case 'SecondFactorOffered':
      return { ...require(state, 'active'), offered: event.data };
    case 'SecondFactorEnrolled': {
      const active = require(state, 'active');
      const { credential, step, session } = event.data;
      if (active.offered?.credential.id !== credential) {
        throw new Error(`the second component ${credential} was never offered`);
      }
      return {
        ...inOneSession(active, session),
        offered: null,
        secondFactor: { credential: active.offered.credential, lastStep: step },
      };
    }
    case 'SecondFactorRemoved':
      return { ...require(state, 'active'), secondFactor: null, signingPeriod: null };
    case 'SecurityKeyOffered':
      return { ...require(state, 'active'), offeredKey: event.data };
    case 'SecurityKeyEnrolled': {
      const active = require(state, 'active');
      const { key, challengeDigest, session } = event.data;
      if (active.offeredKey?.challengeDigest !== challengeDigest) {
        throw new Error(`the security key ${key.id} answers what was never asked`);
      }
      return { ...inOneSession(active, session), keys: [...active.keys, key], offeredKey: null };
    }
    case 'SecurityKeyRemoved': {
      const active = require(state, 'active');
      const { key, session } = event.data;
      return { ...inOneSession(active, session), keys: active.keys.filter(({ id }) => id !== key) };
    }
    case 'SecurityKeyCountWentBack':
      return state;
    case 'SingleSignOnRequested':
      return { ...require(state, 'active'), requestedSignOn: event.data };
    case 'SingleSignOnBound': {
      const { use, session } = event.data;
      const active = inOneSession(signedOn(require(state, 'active'), use), session);
      return { ...active, ...boundAs(event.data) };
    }
    case 'SingleSignOnRemoved': {
      const active = require(state, 'active');
      return { ...active, singleSignOn: null, sessions: new Map(), signingPeriod: null };
    }
    case 'PersonReauthenticated': {
      const { session, at: since, secondFactor, singleSignOn, for: purpose, alone } = event.data;
      const active = signedOn(used(require(state, 'active'), secondFactor), singleSignOn);
      if (alone || !gaveBoth(active, event.data)) return active;
      const opened = purpose === 'signature' ? { signingPeriod: { session, since } } : {};
      return { ...active, failuresInARow: 0, ...opened };
    }
    case 'SignedIn': {
      const { secondFactor, singleSignOn } = event.data;
      const active = signedOn(used(require(state, 'active'), secondFactor), singleSignOn);
      const sessions = new Map(active.sessions).set(event.data.session, event.data.expiresAt);
      // Version 1 of PasswordSet does not say when: it counts as set when the first session after that ends, which is never too early.
      const passwordSetAt = active.passwordSetAt ?? event.data.expiresAt;
      const signedInUntil = event.data.expiresAt;
      return { ...active, sessions, signedInUntil, passwordSetAt, failuresInARow: 0, lockedUntil: null };
    }
    case 'SignedOut':
      return without(require(state, 'active'), event.data.session);
    case 'SessionTimedOut':
      return { ...without(require(state, 'active'), event.data.session), timedOut: event.data };
    case 'SignInFailed':
      return { ...require(state, 'active'), failuresInARow: event.data.inARow };
    case 'PersonLockedOut':
      return { ...require(state, 'active'), failuresInARow: 0, lockedUntil: event.data.until };
    case 'CredentialTamperingFound': {
      const known = require(state, 'enrolled', 'active');
      return { ...known, tampered: [...known.tampered, event.data.credential] };
    }
  }
}

/** Those opened with less than is asked for now, or with what counts no more, end. */
function inOneSession(person: ActivePerson, session: string): ActivePerson {
  const sessions = new Map([...person.sessions].filter(([id]) => id === session));
  return { ...person, sessions, signingPeriod: null };
}

function without(person: ActivePerson, session: string): ActivePerson {
  const sessions = new Map(person.sessions);
  sessions.delete(session);
  return { ...person, sessions };
}

function knownPart({
  login,
  name,
  firstAdmin,
  roles,
  tampered,
  resets,
  secretOfTwo,
  recovered,
  identityReference,
}: Known): Known {
  const who = { login, name, firstAdmin, identityReference };
  return { ...who, roles, tampered, resets, secretOfTwo, recovered };
}

function require<Status extends PersonStatus>(
  state: Person,
  ...statuses: Status[]
): Extract<Person, { status: Status }> {
  if (!(statuses as string[]).includes(state.status)) {
    throw new Error(
      `a person who is ${state.status} cannot have become this: ${statuses.join(' or ')} expected`,
    );
  }
  return state as Extract<Person, { status: Status }>;
}
