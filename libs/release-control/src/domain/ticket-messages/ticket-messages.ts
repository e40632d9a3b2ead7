import type { CommandContext, Decider, DomainEvent } from '#kernel';

/** Why a message of a ticket system was not taken. */
export const REFUSALS = [
  'unknown-system',
  'wrong-signature',
  'stale',
  'replayed',
  'unknown-ticket',
  'other-revision',
  'overtaken',
] as const;
export type Refusal = (typeof REFUSALS)[number];

/** The first in an hour: whoever floods us writes one line an hour, of each kind. */
export type TicketMessageRefused = DomainEvent<
  'TicketMessageRefused',
  {
    /** Null: none that is known. */
    readonly system: string | null;
    readonly why: Refusal;
    /** When the hour begins, RFC 3339, UTC: there may have been more in it. */
    readonly hour: string;
  }
>;

export interface NoteRefusedMessage {
  readonly system: string | null;
  readonly why: Refusal;
  readonly context: CommandContext;
}

/** By system and why: the hour that was noted last. */
export type RefusedMessages = ReadonlyMap<string, string>;

export const TICKET_MESSAGES_STREAM = 'ticket-messages';

/** Messages in the name of a ticket system that nobody could prove, or that were not meant: misuse is on record at once (R24, R39), and floods are not. */
export const ticketMessages: Decider<NoteRefusedMessage, TicketMessageRefused, RefusedMessages> & {
  readonly versions: { readonly TicketMessageRefused: 1 };
} = {
  initialState: new Map(),
  versions: { TicketMessageRefused: 1 },
  decide({ system, why, context }, noted) {
    const hour = `${context.at.slice(0, 13)}:00:00.000Z`;
    if (noted.get(keyOf(system, why)) === hour) return [];
    return [{ type: 'TicketMessageRefused', data: { system, why, hour } }];
  },
  evolve(noted, { data: { system, why, hour } }) {
    return new Map(noted).set(keyOf(system, why), hour);
  },
};

function keyOf(system: string | null, why: Refusal): string {
  return `${system ?? ''} ${why}`;
}
