import { actorName, rolesAnywhere, type CommandContext } from '#kernel';
import { CatalogError } from '../errors.js';

/** Who may say what is watched, and have it looked at: whoever asks for changes, and whoever runs something here, in whichever ring. What is watched is the site's. */
const MAY_WATCH = ['author', 'operator'];

/** @throws CatalogError `not-an-operator` */
export function requireAuthorOrOperator({ actor }: CommandContext): void {
  if (actor.kind === 'person' && rolesAnywhere(actor.roles).some((role) => MAY_WATCH.includes(role))) return;
  const who = actorName(actor);
  throw new CatalogError('not-an-operator', `${who} has neither the role operator nor the role author`);
}
