import { actorName, type CommandContext } from '#kernel';
import { ReviewsError } from '../errors.js';
import type { Reviewer } from './events.js';

/** Characters, after trimming (R04). */
const SHORTEST_REASON = 10;

/** QA in every ring, since what is reviewed is of the whole site; no admin, who gives out what an access review is about. */
export function reviews(roles: readonly string[]): boolean {
  return roles.includes('qa') && !roles.includes('admin');
}

/**
 * Who commands, as a reviewer with a reason.
 * @throws ReviewsError `not-a-reviewer`, `reason-required`
 */
export function requireReviewer({ actor, reason }: CommandContext): Reviewer {
  if (actor.kind !== 'person' || !reviews(actor.roles))
    throw new ReviewsError(
      'not-a-reviewer',
      `${actorName(actor)} does not have the role qa in every ring, or is an admin: reviews are QA's`,
    );
  if (reason.code.trim() === '' || reason.text.trim().length < SHORTEST_REASON)
    throw new ReviewsError(
      'reason-required',
      `say why: a reason code, and at least ${SHORTEST_REASON} characters in your own words`,
    );
  return { id: actor.id, name: actor.name };
}
