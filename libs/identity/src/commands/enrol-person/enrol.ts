import { uuidv7, type CommandContext } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import type { CredentialStore } from '../../credentials/credential-store.js';
import { issueEnrolmentSecret } from '../../credentials/enrolment-secret.js';
import { requireAdmin, requireReason } from '../../domain/authority.js';
import { IdentityError } from '../../domain/errors.js';
import { login as loginKind, loginStream } from '../../domain/login/login.js';
import { person as personKind, personStream } from '../../domain/person/person.js';
import type { IdentityReferenceRule } from '../../domain/person/identity-reference.js';
import type { HeldRole } from '../../domain/roles.js';

export interface NewPerson {
  readonly login: string;
  readonly name: string;
  readonly roles: readonly HeldRole[];
  readonly firstAdmin: boolean;
  /** Who made sure of whom this is, and how. */
  readonly verification: string | null;
  /** By what the site knows the human, as a keyed digest, and whether it asks for that. */
  readonly reference?: { readonly digest: string | null; readonly rule: IdentityReferenceRule };
  /** Claims it for the person, before they are enrolled. */
  readonly claim?: (reference: string, person: string) => Promise<void>;
  /** How long the secret for the first password is good. */
  readonly hours: number;
}

export interface Enrolled {
  readonly person: string;
  readonly enrolmentSecret: string;
  readonly expiresAt: string;
  /** The reset that waits for a second person, of who gets a role that takes two: then nobody is told this secret. */
  readonly reset: string | null;
  readonly cursor: string | null;
}

/**
 * Reserves the login, then enrols the person. A login that was reserved by somebody who came no further (a crash between the two) is
 * taken over with the id that it names: whoever appends first to that person's stream wins.
 * @throws IdentityError
 */
export async function enrol(
  streams: StreamWriter,
  rows: CredentialStore,
  { login, name, roles, firstAdmin, verification, reference, claim, hours }: NewPerson,
  context: CommandContext,
): Promise<Enrolled> {
  // The decider asks this again; here it keeps who may not enrol from reserving logins.
  requireReason(context);
  requireAdmin(context);
  const person = await reserve(streams, login, context);
  const { secret, credential } = await issueEnrolmentSecret(rows, person, context.at, hours);
  const request = uuidv7();
  const command = {
    type: 'EnrolPerson',
    person,
    login,
    name,
    roles,
    firstAdmin,
    verification,
    identityReference: reference?.digest ?? null,
    identityReferenceRule: reference?.rule ?? 'optional',
    credential,
    request,
    context,
  } as const;
  if (command.identityReference !== null) {
    // What would be refused anyway claims nothing.
    await streams.foresee(personKind, (await streams.load(personKind, personStream(person))).state, command);
    await claim?.(command.identityReference, person);
  }
  const { cursor, events } = await streams.decideAndAppend(personKind, personStream(person), command);
  const reset = events.some(({ type }) => type === 'ResetRequested') ? request : null;
  return { person, enrolmentSecret: secret, expiresAt: credential.expiresAt, reset, cursor };
}

/** The login for a new person, or for who was to get it. @returns the person's id */
export async function reserve(
  streams: StreamWriter,
  login: string,
  context: CommandContext,
): Promise<string> {
  const { state: before } = await streams.load(loginKind, loginStream(login));
  const person = before.person ?? uuidv7();
  if (before.person !== null) {
    const { state } = await streams.load(personKind, personStream(person));
    if (state.status !== 'unknown') throw new IdentityError('login-taken', `the login ${login} is taken`);
  }
  await streams.decideAndAppend(loginKind, loginStream(login), { login, person, context });
  return person;
}
