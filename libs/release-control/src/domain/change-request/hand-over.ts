import { actorName, rolesIn } from '#kernel';
import { ReleaseControlError } from '../errors.js';
import type { HandOverChange } from './commands.js';
import type { ChangeRequestEvent } from './events.js';
import { WITH_ITS_AUTHOR, type ChangeRequest } from './state.js';

/**
 * What somebody was working on goes on with another author, once they are disabled: they come back to sign nothing, so nobody can be given their own request
 * to decide on by it (R27). Handed over to who has it already, nothing happens: it may be done again.
 * @throws ReleaseControlError `admin-required`, `no-such-change-request`, `not-allowed-in-status`, `author-not-disabled`, `not-an-author`
 */
export function handOver(
  { to, authorIsDisabled, context }: HandOverChange,
  state: ChangeRequest,
): readonly ChangeRequestEvent[] {
  const { actor } = context;
  if (actor.kind !== 'person' || !actor.roles.includes('admin'))
    throw new ReleaseControlError(
      'admin-required',
      `${actorName(actor)} is not a person with the role admin`,
    );
  if (state.status === 'none')
    throw new ReleaseControlError('no-such-change-request', 'there is no such change request');
  const { id, ring, author, status } = state;
  if (author.id === to.id) return [];
  if (!WITH_ITS_AUTHOR.includes(status))
    throw new ReleaseControlError(
      'not-allowed-in-status',
      `${id} is ${status}: only what is drafted, or was refused at its capture, is handed over; what is submitted stays ${author.name}'s, to be decided on by others`,
    );
  if (!authorIsDisabled)
    throw new ReleaseControlError(
      'author-not-disabled',
      `${id} is ${author.name}'s, who is not disabled: they submit or withdraw it themself`,
    );
  if (!rolesIn(to.roles, ring).includes('author'))
    throw new ReleaseControlError(
      'not-an-author',
      `${to.name} does not have the role author in the ring ${ring}`,
    );
  return [{ type: 'ChangeHandedOver', data: { old: author, new: { id: to.id, name: to.name } } }];
}
