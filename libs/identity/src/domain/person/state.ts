import { inOrder, type Role } from '../roles.js';
import type {
  Credential,
  EnrolmentSecret,
  PersonEvent,
  SecondFactorCredential,
  SecondFactorUse,
} from './events.js';

interface Known {
  readonly login: string;
  readonly name: string;
  readonly firstAdmin: boolean;
  readonly roles: readonly Role[];
  /** Credentials whose tampering is in the history already. */
  readonly tampered: readonly string[];
}
/** `lastStep`: no code up to that one is good any more. */
interface SecondFactor {
  readonly credential: SecondFactorCredential;
  readonly lastStep: number;
}
interface Signing extends Known {
  readonly password: Credential;
  readonly secondFactor: SecondFactor | null;
  /** Shown, and not confirmed yet. */
  readonly offered: { readonly credential: SecondFactorCredential; readonly expiresAt: string } | null;
  /** When the person last proved who they are for a signature, and in which session. */
  readonly lastSigning: { readonly session: string; readonly at: string } | null;
  /** Session id → when it ends. What was signed out is not in it; what has ended by itself may be. */
  readonly sessions: ReadonlyMap<string, string>;
  readonly failuresInARow: number;
  readonly lockedUntil: string | null;
}

/**
 *   (unknown) ─enrol→ enrolled ─first password→ active ─disable→ disabled
 *                        └──────────disable──────────────────────┘
 */
export type Person =
  | { readonly status: 'unknown' }
  | ({ readonly status: 'enrolled'; readonly enrolment: EnrolmentSecret } & Known)
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
      const { login, name, firstAdmin, credential } = event.data;
      return { status: 'enrolled', login, name, firstAdmin, roles: [], tampered: [], enrolment: credential };
    }
    case 'EnrolmentRenewed':
      return { ...require(state, 'enrolled'), enrolment: event.data.credential };
    case 'PasswordSet':
      return {
        ...knownPart(require(state, 'enrolled')),
        status: 'active',
        password: event.data.credential,
        secondFactor: null,
        offered: null,
        lastSigning: null,
        sessions: new Map(),
        failuresInARow: 0,
        lockedUntil: null,
      };
    case 'RoleGranted':
    case 'RoleRevoked':
      return { ...require(state, 'enrolled', 'active'), roles: inOrder(event.data.new) };
    case 'PersonDisabled':
      return { ...knownPart(require(state, 'enrolled', 'active')), status: 'disabled' };
    case 'SecondFactorOffered':
      return { ...require(state, 'active'), offered: event.data };
    case 'SecondFactorEnrolled': {
      const active = require(state, 'active');
      const { credential, step } = event.data;
      if (active.offered?.credential.id !== credential) {
        throw new Error(`the second component ${credential} was never offered`);
      }
      return {
        ...active,
        offered: null,
        secondFactor: { credential: active.offered.credential, lastStep: step },
        lastSigning: null,
      };
    }
    case 'SecondFactorRemoved':
      return { ...require(state, 'active'), secondFactor: null, lastSigning: null };
    case 'PersonReauthenticated': {
      const { session, at, secondFactor, for: purpose } = event.data;
      const active = used(require(state, 'active'), secondFactor);
      return purpose === 'signature' ? { ...active, lastSigning: { session, at } } : active;
    }
    case 'SignedIn': {
      const active = used(require(state, 'active'), event.data.secondFactor);
      const sessions = new Map(active.sessions).set(event.data.session, event.data.expiresAt);
      return { ...active, sessions, failuresInARow: 0, lockedUntil: null };
    }
    case 'SignedOut': {
      const active = require(state, 'active');
      const sessions = new Map(active.sessions);
      sessions.delete(event.data.session);
      return { ...active, sessions };
    }
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

function used(person: ActivePerson, use: SecondFactorUse | undefined): ActivePerson {
  const { secondFactor } = person;
  if (use === undefined || secondFactor === null) return person;
  return {
    ...person,
    secondFactor: { ...secondFactor, lastStep: Math.max(secondFactor.lastStep, use.step) },
  };
}

function knownPart({ login, name, firstAdmin, roles, tampered }: Known): Known {
  return { login, name, firstAdmin, roles, tampered };
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
