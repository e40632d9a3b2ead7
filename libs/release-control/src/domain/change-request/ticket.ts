import { ReleaseControlError } from '../errors.js';

/** A record in a system outside that a request names: part of what is signed. */
export interface Ticket {
  /** As the site calls the system: small letters, digits and hyphens. */
  readonly system: string;
  /** As the system calls the ticket. */
  readonly id: string;
  /** Where people read it. */
  readonly url: string;
}

export const TICKET_STATES = ['approved', 'rejected', 'cancelled'] as const;
export type TicketState = (typeof TICKET_STATES)[number];

/** What a ticket system said of a request's ticket, with its signature, which is no person's: it counts as none. */
export interface TicketReport {
  /** The message's own, of the system: one that comes again is known by it. */
  readonly message: string;
  readonly ticket: Pick<Ticket, 'system' | 'id'>;
  /** Of the request: another one is another thing, which the system has not seen yet. */
  readonly revision: number;
  readonly state: TicketState;
  /** Who decided it there, in the system's words. */
  readonly by: string;
  /** When, by the system's clock; RFC 3339, UTC. */
  readonly at: string;
}

/** The name of a ticket system. */
export const TICKET_SYSTEM = /^[a-z][a-z0-9-]{0,31}$/;
/** Printable ASCII without blanks, commas and quotes: an id is a word. */
export const TICKET_ID = /^[!#-&(-+\--~]{1,100}$/;
const LONGEST_URL = 500;

/** @throws ReleaseControlError `invalid-ticket` */
export function checkTicket({ system, id, url }: Ticket): void {
  if (!TICKET_SYSTEM.test(system))
    throw invalid(`"${system}" is no name of a ticket system: small letters, digits and hyphens, 32 at most`);
  if (!TICKET_ID.test(id))
    throw invalid(`"${id}" is no id of a ticket: 1 to 100 printable characters without blanks`);
  if (url.length > LONGEST_URL || !isAddress(url))
    throw invalid(
      `${JSON.stringify(url.slice(0, LONGEST_URL))} is no address of a ticket: http or https, without user and password, ${LONGEST_URL} characters at most`,
    );
}

/** Spelled out, since what a parser would mend is not what people read. */
function isAddress(url: string): boolean {
  return /^https?:\/\/[A-Za-z0-9.\-[\]:]+(\/[!-~]*)?$/.test(url) && !/["<>\\^`{|}]/.test(url);
}

function invalid(message: string): ReleaseControlError {
  return new ReleaseControlError('invalid-ticket', message);
}

export function sameTicket(
  one: Pick<Ticket, 'system' | 'id'>,
  other: Pick<Ticket, 'system' | 'id'>,
): boolean {
  return one.system === other.system && one.id === other.id;
}

/** The ticket of a request, as far as it names one, and what was said of it. */
export interface Ticketed {
  readonly ticket?: Ticket;
  /** In the order in which they came. */
  readonly ticketReports: readonly TicketReport[];
  readonly revision: number;
}

/** The last that its system said of this ticket and this revision; null: nothing yet. */
export function ticketStateOf({ ticket, ticketReports, revision }: Ticketed): TicketState | null {
  if (ticket === undefined) return null;
  const own = ticketReports.filter((each) => each.revision === revision && sameTicket(each.ticket, ticket));
  return own.at(-1)?.state ?? null;
}

export function ticketName({ system, id }: Pick<Ticket, 'system' | 'id'>): string {
  return `ticket ${id} of ${system}`;
}
