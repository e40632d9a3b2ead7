import type { PersonEvent } from '../../domain/person/events.js';
import type { SignOnIdentity } from '../../domain/person/single-sign-on-events.js';
import { covers, type HeldRole } from '../../domain/roles.js';

/** A row of `people`, as JSON. */
export interface PersonRow {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly status: 'enrolled' | 'active' | 'disabled';
  readonly first_admin: boolean;
  readonly locked_until: string | null;
  readonly enrolled_position: string;
  readonly enrolled_at: string;
  /** Who made sure of whom this is, and how. */
  readonly verification: string | null;
  readonly authenticator_app: boolean;
  /** How many. */
  readonly security_keys: number;
  /** Those that wait for a second person, or ran out waiting. */
  readonly requested_roles: readonly HeldRole[];
  /** As whom the identity provider knows them. */
  readonly sign_on: SignOnIdentity | null;
  /** When they signed in by that last, or proved by it who they are. */
  readonly sign_on_used_at: string | null;
  readonly reset_position: string | null;
  readonly disabled_position: string | null;
  readonly disabled_at: string | null;
}

/** An event's place, and its time as it says it. */
export interface Happened {
  readonly position: string;
  readonly at: string;
}

/** Folds events into the rows of the people whom they are about. */
export class PeopleChanges {
  private readonly people: Map<string, PersonRow>;
  private readonly touched = new Map<string, PersonRow>();

  /** @param known the rows, before these events, of everybody in them */
  constructor(known: readonly PersonRow[]) {
    this.people = new Map(known.map((row) => [row.id, row]));
  }

  /** The rows that are to be written; somebody who only signed in with a password is not among them. */
  get changed(): readonly PersonRow[] {
    return [...this.touched.values()];
  }

  take(id: string, event: PersonEvent, { position, at }: Happened): void {
    switch (event.type) {
      case 'PersonEnrolled': {
        const { login, name, firstAdmin, verification = null } = event.data;
        this.put({
          id,
          login,
          name,
          roles: [],
          status: 'enrolled',
          first_admin: firstAdmin,
          locked_until: null,
          enrolled_position: position,
          enrolled_at: at,
          verification,
          authenticator_app: false,
          security_keys: 0,
          requested_roles: [],
          sign_on: null,
          sign_on_used_at: null,
          reset_position: null,
          disabled_position: null,
          disabled_at: null,
        });
        return;
      }
      case 'PasswordSet':
        return this.change(id, { status: 'active' });
      case 'PersonReset':
        return this.change(id, {
          status: 'enrolled',
          authenticator_app: false,
          security_keys: 0,
          sign_on: null,
          sign_on_used_at: null,
          locked_until: null,
          reset_position: position,
        });
      case 'SecondFactorEnrolled':
        return this.change(id, { authenticator_app: true });
      case 'SecondFactorRemoved':
        return this.change(id, { authenticator_app: false });
      case 'SecurityKeyEnrolled':
        return this.change(id, { security_keys: this.keysOf(id) + 1 });
      case 'SecurityKeyRemoved':
        return this.change(id, { security_keys: this.keysOf(id) - 1 });
      case 'RoleRequested': {
        const others = this.requestedOf(id).filter((role) => role !== event.data.role);
        return this.change(id, { requested_roles: [...others, event.data.role] });
      }
      case 'RoleGranted': {
        const roles = event.data.new;
        const requested_roles = this.requestedOf(id).filter((role) => !covers(roles, role));
        return this.change(id, { roles, requested_roles });
      }
      case 'RoleRevoked':
        return this.change(id, { roles: event.data.new });
      case 'PersonDisabled':
        return this.change(id, {
          status: 'disabled',
          requested_roles: [],
          disabled_position: position,
          disabled_at: at,
        });
      case 'PersonLockedOut':
        return this.change(id, { locked_until: event.data.until });
      case 'SignedIn':
        if (this.people.get(id)?.locked_until) this.change(id, { locked_until: null });
        if (event.data.singleSignOn) this.change(id, { sign_on_used_at: at });
        return;
      case 'PersonReauthenticated':
        if (event.data.singleSignOn) this.change(id, { sign_on_used_at: at });
        return;
      case 'SingleSignOnBound': {
        const { issuer, claim, subject } = event.data;
        return this.change(id, { sign_on: { issuer, claim, subject }, sign_on_used_at: at });
      }
      case 'SingleSignOnRemoved':
        return this.change(id, { sign_on: null, sign_on_used_at: null });
      case 'IdentityReferenceRequested':
      case 'IdentityReferenceRecorded':
      case 'EnrolmentRenewed':
      case 'PasswordChanged':
      case 'ResetRequested':
      case 'AdminRecoveryRequested':
      case 'AdminRecovered':
      case 'SecondFactorOffered':
      case 'SecurityKeyOffered':
      case 'SecurityKeyCountWentBack':
      case 'SingleSignOnRequested':
      case 'SignedOut':
      case 'SessionTimedOut':
      case 'SignInFailed':
      case 'CredentialTamperingFound':
        return;
    }
  }

  private keysOf(id: string): number {
    return this.people.get(id)?.security_keys ?? 0;
  }

  private requestedOf(id: string): readonly HeldRole[] {
    return this.people.get(id)?.requested_roles ?? [];
  }

  private change(id: string, columns: Partial<PersonRow>): void {
    const row = this.people.get(id);
    if (row) this.put({ ...row, ...columns });
  }

  private put(row: PersonRow): void {
    this.people.set(row.id, row);
    this.touched.set(row.id, row);
  }
}
