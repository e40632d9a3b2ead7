import { inParts } from '#kernel';
import { ReleaseControlError } from '../errors.js';
import { allowed, isAllowed, requirePerson } from './allowed.js';
import type { CommentOnChange, ReviseChange, SupersedeChange } from './commands.js';
import type { ChangeRequestEvent } from './events.js';
import { checkItems } from './items.js';
import { checkStages, ringsOf } from './plan.js';
import { requireAuthorIn, requireAuthorOf } from './require-author.js';
import { isEmergency, type ChangeRequest } from './state.js';
import { checkTicket } from './ticket.js';
import { checkWindow } from './window.js';

/** Each is kept whole in the request. */
const MOST_REVISIONS = 20;

/** A conversation longer than that belongs elsewhere. */
const MOST_COMMENTS = 200;

/** Characters. */
const LONGEST_COMMENT = 2_000;

/**
 * The author says it anew: other items, times and reason, under the same number. What was there before is kept, and whatever was signed of it is void.
 * @throws ReleaseControlError `too-many-revisions`; `not-allowed-in-status`, also for what was released in an emergency, whose ratification goes on, and for what a ring has
 */
export function revision(command: ReviseChange, state: ChangeRequest): ChangeRequestEvent[] {
  const request = allowed(state, command.type);
  const { items, window = {}, ticket, context } = command;
  const author = requirePerson(context);
  requireAuthorOf(request, author);
  for (const ring of ringsOf(request)) requireAuthorIn(ring, author);
  if (isEmergency(request)) {
    throw new ReleaseControlError(
      'not-allowed-in-status',
      `${request.id} was released in an emergency: what else is to change is another request`,
    );
  }
  if (command.applied) {
    throw new ReleaseControlError(
      'not-allowed-in-status',
      `${request.id} is in force in a ring of it, which takes a request once: what else is to change is another request`,
    );
  }
  if (request.revision >= MOST_REVISIONS) {
    throw new ReleaseControlError(
      'too-many-revisions',
      `${request.id} was revised so often that another request is clearer: draft one that supersedes it`,
    );
  }
  checkItems(items, request.ring, context.at);
  const when = { notBefore: window.notBefore, at: context.at };
  if (request.stages !== undefined) checkStages({ ring: request.ring, stages: request.stages }, items, when);
  checkWindow(window, context.at);
  if (ticket !== undefined) checkTicket(ticket);
  const head = {
    revision: request.revision + 1,
    from: request.status,
    reason: context.reason,
    ...(Object.keys(window).length === 0 ? {} : { window }),
    ...(ticket === undefined ? {} : { ticket }),
  };
  return inParts(items).map(({ elements, part }): ChangeRequestEvent => {
    return { type: 'ChangeRevised', data: { ...head, items: elements, ...part } };
  });
}

/**
 * Another request, which says that it supersedes this one, was approved: this one is over. What is taking effect, or is in force, goes on, and so
 * does what was released in an emergency; what its author withdrew is over already.
 */
export function supersession({ type, by }: SupersedeChange, request: ChangeRequest): ChangeRequestEvent[] {
  if (!isAllowed(request, type)) return [];
  if (isEmergency(request) || ('started' in request && request.started !== undefined)) return [];
  return [{ type: 'ChangeSuperseded', data: { from: request.status, by } }];
}

/** @throws ReleaseControlError `invalid-comment`, `no-such-change-request` */
export function comment({ text, context }: CommentOnChange, state: ChangeRequest): ChangeRequestEvent {
  if (state.status === 'none')
    throw new ReleaseControlError('no-such-change-request', 'there is no such change request');
  const { id, name } = requirePerson(context);
  const said = text.trim();
  if (said === '' || said.length > LONGEST_COMMENT)
    throw new ReleaseControlError(
      'invalid-comment',
      `a comment has at least one character, and at most ${LONGEST_COMMENT}`,
    );
  if (state.comments.length >= MOST_COMMENTS)
    throw new ReleaseControlError(
      'invalid-comment',
      `${state.id} has ${MOST_COMMENTS} comments: no more fit`,
    );
  return { type: 'ChangeCommented', data: { by: { id, name }, at: context.at, text: said } };
}
