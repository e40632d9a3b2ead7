import { actorName, type CommandContext } from '#kernel';
import { CatalogError } from '../errors.js';

/** Who may say what is watched, and have it looked at: whoever asks for changes, and whoever runs the site. */
const MAY_WATCH = ['author', 'operator'];

/** @throws CatalogError `not-an-operator` */
export function requireAuthorOrOperator({ actor }: CommandContext): void {
  if (actor.kind === 'person' && actor.roles.some((role) => MAY_WATCH.includes(role))) return;
  const who = actorName(actor);
  throw new CatalogError('not-an-operator', `${who} has neither the role operator nor the role author`);
}
