import { entityTagOf } from '#audit-trail/published';
import { utc } from '#platform/read-models/utc';
import type { SignOnIdentity } from '../domain/person/single-sign-on-events.js';
import type { HeldRole } from '../domain/roles.js';

/** A person, also one who is disabled, as lists show them. */
export interface PersonLine {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  /** Those held last, for who is disabled. */
  readonly roles: readonly HeldRole[];
  readonly status: 'enrolled' | 'active' | 'disabled';
  readonly lockedUntil: string | null;
  /** Roles that wait for a second person to confirm them. */
  readonly requestedRoles: readonly HeldRole[];
  readonly secondComponent: boolean;
  /** How many are enrolled. */
  readonly securityKeys: number;
  /** As whom the identity provider knows them, and when they signed in by that last, or proved by it who they are; null for who is bound to nobody there. */
  readonly singleSignOn: (SignOnIdentity & { readonly lastUsedAt: string }) | null;
  /** Who made sure of whom this is, and how; null for who was enrolled while the site was set up, or before it was asked for. */
  readonly verifiedBy: string | null;
  /** The position of the enrolment. */
  readonly enrolled: { readonly position: string; readonly at: string };
  /** As `If-Match` takes it. */
  readonly etag: string;
}

/** SQL: a {@link PersonLine} of `read.people_v6`. */
export const PERSON_LINE = `id, login, name, roles, status, ${utc('locked_until')} as "lockedUntil", requested_roles as "requestedRoles",
         authenticator_app or security_keys > 0 as "secondComponent", security_keys as "securityKeys", verification as "verifiedBy",
         sign_on || jsonb_build_object('lastUsedAt', ${utc('sign_on_used_at')}) as "singleSignOn",
         json_build_object('position', enrolled_position::text, 'at', ${utc('enrolled_at')}) as enrolled,
         ${entityTagOf(`'person/' || id`)} as etag`;
