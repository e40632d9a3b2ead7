import type { StreamWriter } from '#platform/decide-and-append';
import { login, loginStream } from './domain/login/login.js';
import { person, personStream } from './domain/person/person.js';
import { rolesNow } from './domain/person/roles-now.js';
import type { HeldRole } from './domain/roles.js';

/** Whom a login names, as the history has them at this moment; null for nobody. `roles`: none for who is disabled, or has no password yet. */
export async function knownPerson(
  streams: Pick<StreamWriter, 'load'>,
  name: string,
): Promise<{ readonly id: string; readonly roles: readonly HeldRole[] } | null> {
  const { person: id } = (await streams.load(login, loginStream(name))).state;
  if (id === null) return null;
  const { state } = await streams.load(person, personStream(id));
  return { id, roles: rolesNow(state) };
}
