import { describe, it } from 'vitest';
import { byWorker, specify } from '#test/support/decider-specification';
import { ticketMessages, type NoteRefusedMessage } from './ticket-messages.js';

const { given } = specify(ticketMessages);

const refused = (at: string, more: Partial<NoteRefusedMessage> = {}): NoteRefusedMessage => ({
  system: 'servicedesk',
  why: 'wrong-signature',
  context: byWorker('ticket-system/servicedesk', { at }),
  ...more,
});
const noted = (hour: string, more: object = {}) =>
  ({
    type: 'TicketMessageRefused',
    data: { system: 'servicedesk', why: 'wrong-signature', hour, ...more },
  }) as const;

describe('R24, R39: messages in the name of a ticket system that were refused', () => {
  const first = noted('2026-11-22T12:00:00.000Z');
  it('are on record at the first of them', () => {
    given().when(refused('2026-11-22T12:48:14.123Z')).then(first);
  });
  it('do not fill the trail: one line an hour, of each system and kind', () => {
    given(first).when(refused('2026-11-22T12:59:59.999Z')).thenNothing();
    given(first).when(refused('2026-11-22T13:00:00.000Z')).then(noted('2026-11-22T13:00:00.000Z'));
    given(first)
      .when(refused('2026-11-22T12:59:59.999Z', { why: 'replayed' }))
      .then(noted('2026-11-22T12:00:00.000Z', { why: 'replayed' }));
    given(first)
      .when(refused('2026-11-22T12:59:59.999Z', { system: null, why: 'unknown-system' }))
      .then(noted('2026-11-22T12:00:00.000Z', { system: null, why: 'unknown-system' }));
  });
});
