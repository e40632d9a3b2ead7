import { ticketName, ticketStateOf, type Ticketed } from '../change-request/ticket.js';
import { ReleaseControlError } from '../errors.js';

/** When a ring's ticket has to be approved. */
export const TICKET_APPROVED = ['before-signing', 'before-effect'] as const;

/** A ring's changes name a ticket of a system. Of all kinds of change: also of the one that would take this rule away. */
export interface TicketRule {
  readonly system: string;
  /** Absent: it is to be named, and whether it is approved is for who signs to look at. */
  readonly approved?: (typeof TICKET_APPROVED)[number];
}

interface Gated extends Ticketed {
  readonly id: string;
}

/** Why a request cannot be submitted under a rule, in words; undefined: it can. */
export function whyNoTicket(
  rule: TicketRule | undefined,
  { ticket }: Pick<Ticketed, 'ticket'>,
): string | undefined {
  if (rule === undefined || ticket?.system === rule.system) return undefined;
  const names = ticket === undefined ? 'none' : `a ${ticketName(ticket)}`;
  return `the ring's approval policy asks for a ticket of ${rule.system}, and the request names ${names}: revise it`;
}

/** Why a request cannot be signed for as its ticket stands, in words; undefined: it can. What its system turned down nobody signs, whatever the ring asks for. */
export function whyNotSigned(rule: TicketRule | undefined, request: Ticketed): string | undefined {
  const missing = whyNoTicket(rule, request);
  if (missing !== undefined) return missing;
  const { ticket } = request;
  const state = ticketStateOf(request);
  if (ticket === undefined || state === 'approved') return undefined;
  if (state !== null) return `${ticketName(ticket)} is ${state}`;
  return rule?.approved === 'before-signing' ? `${ticketName(ticket)} is to be approved first` : undefined;
}

/** @param ring whose rule it is: of a plan, a later one @throws ReleaseControlError `ticket-required`, `ticket-not-approved` */
export function requireTicket(rule: TicketRule | undefined, request: Gated, ring?: string): void {
  const where = ring === undefined ? request.id : `${request.id}, in ring ${ring}`;
  const missing = whyNoTicket(rule, request);
  if (missing !== undefined) throw new ReleaseControlError('ticket-required', `${where}: ${missing}`);
  const why = whyNotSigned(rule, request);
  if (why !== undefined) throw new ReleaseControlError('ticket-not-approved', `${where}: ${why}`);
}
