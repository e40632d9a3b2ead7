import { ReleaseControlError } from '../errors.js';
import type { ReportTicketState } from './commands.js';
import type { ChangeRequestEvent } from './events.js';
import { isAllowed } from './allowed.js';
import type { ChangeRequest } from './state.js';
import { sameTicket, ticketName, type TicketReport } from './ticket.js';

/** A ticket goes back and forth, and not for ever. */
const MOST_REPORTS = 100;
/** Characters. */
const LONGEST_NAME = 200;

/**
 * A ticket's system says how it stands: recorded, whatever the request's status. Turned down after the approval and before the change is taking effect, the
 * request is over, as when a person recalls it.
 * @throws ReleaseControlError `no-such-ticket`, `ticket-revision-differs`, `ticket-message-replayed`, `ticket-state-overtaken`, `too-many-ticket-states`,
 * `ticket-message-malformed`
 */
export function ticketReport(command: ReportTicketState, state: ChangeRequest): ChangeRequestEvent[] {
  const { message, ticket, revision, state: said, by, at } = command;
  if (state.status === 'none' || state.ticket === undefined || !sameTicket(state.ticket, ticket))
    throw new ReleaseControlError('no-such-ticket', `${command.id} names no ${ticketName(ticket)}`);
  if (state.revision !== revision)
    throw new ReleaseControlError(
      'ticket-revision-differs',
      `${state.id} is at revision ${state.revision}: what was said is of revision ${revision}`,
    );
  if (by.trim() === '' || by.length > LONGEST_NAME || /\p{C}/u.test(by))
    throw new ReleaseControlError(
      'ticket-message-malformed',
      `"by" is to be who decided it there, in 1 to ${LONGEST_NAME} characters without control characters`,
    );
  requireNew(state.id, state.ticketReports, command);
  const report: TicketReport = { message, ticket, revision, state: said, by, at };
  const reported: ChangeRequestEvent = { type: 'TicketStateReported', data: report };
  if (said === 'approved' || !isAllowed(state, command.type)) return [reported];
  if ('started' in state && state.started !== undefined) return [reported];
  return [reported, { type: 'ChangeRecalled', data: { from: state.status, ticket, ticketState: said } }];
}

/** What was said comes once, and in the order in which it was said: of two at the same time, what turned it down stands. */
function requireNew(
  id: string,
  reports: readonly TicketReport[],
  { message, ticket, state, at }: ReportTicketState,
): void {
  if (reports.some((each) => each.message === message))
    throw new ReleaseControlError('ticket-message-replayed', `${id} has the message ${message} already`);
  const last = reports.filter((each) => sameTicket(each.ticket, ticket)).at(-1);
  if (last === undefined) return;
  const later = Date.parse(at) - Date.parse(last.at);
  if (later < 0 || (later === 0 && state === 'approved' && last.state !== 'approved'))
    throw new ReleaseControlError(
      'ticket-state-overtaken',
      `of ${ticketName(ticket)} something later is known: it is ${last.state} since ${last.at}`,
    );
  if (reports.length >= MOST_REPORTS)
    throw new ReleaseControlError(
      'too-many-ticket-states',
      `${id} has ${MOST_REPORTS} messages of its ticket: no more are taken; draft another request`,
    );
}
