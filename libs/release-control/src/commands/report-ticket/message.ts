import { TICKET_ID, TICKET_STATES, type TicketState } from '../../domain/change-request/ticket.js';
import { ReleaseControlError } from '../../domain/errors.js';

/** What a ticket system says: of which request, as it saw it, and how the ticket stands. */
export interface TicketMessage {
  readonly changeRequest: string;
  readonly revision: number;
  readonly ticket: string;
  readonly state: TicketState;
  readonly by: string;
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string;
}

const MEMBERS = ['changeRequest', 'revision', 'ticket', 'state', 'by', 'at'];
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;
const CHANGE_REQUEST = /^CR-[0-9]{4}-[0-9]{4,9}$/;

/**
 * Reads what was signed: each member, and no other.
 * @param now RFC 3339; nothing was decided after it, give or take the clocks
 * @throws ReleaseControlError `ticket-message-malformed`
 */
export function readTicketMessage(bytes: Uint8Array, now: string, toleranceSeconds: number): TicketMessage {
  const said = members(bytes);
  const unknown = Object.keys(said).find((name) => !MEMBERS.includes(name));
  if (unknown !== undefined) throw malformed(`"${unknown.slice(0, 50)}" is not known`);
  const text = (name: string, form: RegExp): string => {
    const value = said[name];
    if (typeof value !== 'string' || !form.test(value))
      throw malformed(`"${name}" is missing, or has another form`);
    return value;
  };
  const { revision } = said;
  if (typeof revision !== 'number' || !Number.isSafeInteger(revision) || revision < 1)
    throw malformed('"revision" is to be the number of the revision that the system saw, from 1');
  const state = TICKET_STATES.find((each) => each === said['state']);
  if (state === undefined) throw malformed(`"state" is to be ${TICKET_STATES.join(', ')}`);
  const at = Date.parse(text('at', TIME));
  if (Number.isNaN(at)) throw malformed('"at" is no time');
  if (at > Date.parse(now) + toleranceSeconds * 1000) throw malformed('"at" is to come yet');
  return {
    changeRequest: text('changeRequest', CHANGE_REQUEST),
    revision,
    ticket: text('ticket', TICKET_ID),
    state,
    by: text('by', /^.{1,1000}$/su),
    at: new Date(at).toISOString(),
  };
}

function members(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw malformed('it is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed('it is no object');
  return { ...value };
}

function malformed(why: string): ReleaseControlError {
  return new ReleaseControlError('ticket-message-malformed', `the message cannot be read: ${why}`);
}
