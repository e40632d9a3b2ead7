import { uuidv7, type Clock, type CommandContext } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { enrol } from './commands/enrol-person/enrol.js';
import type { CredentialStore } from './credentials/credential-store.js';
import { issueEnrolmentSecret } from './credentials/enrolment-secret.js';
import { COMMISSIONING } from './domain/authority.js';
import { commissioning, SITE_STREAM } from './domain/commissioning/commissioning.js';
import { login, loginStream } from './domain/login/login.js';
import { person, personStream } from './domain/person/person.js';

export { CredentialStore } from './credentials/credential-store.js';

/** The first admin's login; the name can be told apart from people's in any list of signatures, since admins sign nothing. */
export const FIRST_ADMIN = 'admin';
const SECRET_HOURS = 24;

/** For a file that only the owner can read, and for nothing else. */
export interface FirstAdminSecret {
  readonly login: string;
  readonly secret: string;
  /** RFC 3339, UTC. */
  readonly expiresAt: string;
}

/**
 * Sees to it that a first admin is enrolled, and can still set a password. Idempotent: undefined when there is nothing to do, because the
 * admin has a password, or a secret that is still good. A secret that ran out is replaced, and so is one that was lost (`renew`), until
 * commissioning is closed.
 */
export async function enrolFirstAdmin(
  streams: StreamWriter,
  rows: CredentialStore,
  clock: Clock,
  { renew = false }: { readonly renew?: boolean } = {},
): Promise<FirstAdminSecret | undefined> {
  const context = hostContext(clock.now());
  const id = (await streams.load(login, loginStream(FIRST_ADMIN))).state.person;
  const found = id === null ? undefined : (await streams.load(person, personStream(id))).state;
  if (id === null || found === undefined || found.status === 'unknown') {
    const admin = {
      login: FIRST_ADMIN,
      name: 'First administrator',
      roles: ['admin'],
      firstAdmin: true,
      verification: null,
    } as const;
    const enrolled = await enrol(streams, rows, { ...admin, hours: SECRET_HOURS }, context);
    return { login: FIRST_ADMIN, secret: enrolled.enrolmentSecret, expiresAt: enrolled.expiresAt };
  }
  const closed = (await streams.load(commissioning, SITE_STREAM)).state === 'closed';
  if (found.status !== 'enrolled' || closed) return undefined;
  if (!renew && Date.parse(context.at) < Date.parse(found.enrolment.expiresAt)) return undefined;
  const { secret, credential } = await issueEnrolmentSecret(rows, id, context.at, SECRET_HOURS);
  const command = { type: 'RenewEnrolment', person: id, credential, context } as const;
  await streams.decideAndAppend(person, personStream(id), command);
  return { login: FIRST_ADMIN, secret, expiresAt: credential.expiresAt };
}

function hostContext(at: string): CommandContext {
  return {
    at,
    actor: { kind: 'service', id: 'host', for: COMMISSIONING },
    reason: { code: 'commissioning', text: 'the first admin of a new site' },
    cause: uuidv7(),
    correlation: uuidv7(),
    authorisedBy: [],
  };
}
