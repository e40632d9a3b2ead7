import { rolesIn, type CommandContext, type PersonActor } from '#kernel';
import { ReleaseControlError } from '../errors.js';
import { requirePerson } from './allowed.js';

/** Who asks for a change: a person, or the person who answers for the token that does. */
export function requireAuthor(context: CommandContext): Pick<PersonActor, 'id' | 'name' | 'roles'> {
  return context.actor.kind === 'token' ? context.actor.owner : requirePerson(context);
}

/** At each of the two steps: the role may have been revoked between them. */
export function requireAuthorIn(ring: string, { name, roles }: Pick<PersonActor, 'name' | 'roles'>): void {
  if (rolesIn(roles, ring).includes('author')) return;
  throw new ReleaseControlError('not-an-author', `${name} does not have the role author in the ring ${ring}`);
}

export function requireAuthorOf(
  request: { readonly id: string; readonly author: { readonly id: string } },
  person: Pick<PersonActor, 'id' | 'name'>,
): void {
  if (person.id !== request.author.id) {
    throw new ReleaseControlError('not-the-author', `${request.id} is not ${person.name}'s`);
  }
}
