import { describe, expect, it } from 'vitest';
import { fold } from '#kernel';
import { byWorker, specify } from '#test/support/decider-specification';
import { dueBy, overdueIn, schedule, type Due, type DueDropped, type DueNoted } from './schedule.js';

const { given } = specify(schedule);

const context = byWorker('change-request/CR-1');
const due: Due = { at: '2026-12-01T21:00:00.000Z', does: 'start', authorisedBy: ['approval-1'] };
const noted = (changeRequest = 'CR-1', at = due.at): DueNoted => ({
  type: 'DueNoted',
  data: { changeRequest, due: { ...due, at } },
});
const dropped: DueDropped = { type: 'DueDropped', data: { changeRequest: 'CR-1' } };

it('notes what a request waits for, once', () => {
  given().when({ changeRequest: 'CR-1', due, context }).then(noted());
  given(noted()).when({ changeRequest: 'CR-1', due, context }).thenNothing();
});

it('notes another time in the place of the one before', () => {
  const later = { ...due, at: '2026-12-02T21:00:00.000Z' };
  given(noted()).when({ changeRequest: 'CR-1', due: later, context }).then(noted('CR-1', later.at));
});

it('notes that the ticket is not waited for any more', () => {
  const waits: DueNoted = {
    type: 'DueNoted',
    data: { changeRequest: 'CR-1', due: { ...due, waitsForTicket: true } },
  };
  given().when({ changeRequest: 'CR-1', due: waits.data.due, context }).then(waits);
  given(waits).when({ changeRequest: 'CR-1', due: waits.data.due, context }).thenNothing();
  given(waits).when({ changeRequest: 'CR-1', due, context }).then(noted());
});

it('drops what waits no more, once', () => {
  given(noted()).when({ changeRequest: 'CR-1', due: null, context }).then(dropped);
  given(noted(), dropped).when({ changeRequest: 'CR-1', due: null, context }).thenNothing();
});

it('says what is due by now, the longest overdue first', () => {
  const waiting = fold(schedule, [
    noted('CR-1', '2026-12-03T00:00:00.000Z'),
    noted('CR-2', '2026-12-02T00:00:00.000Z'),
    noted('CR-3', '2026-12-01T00:00:00.000Z'),
  ]);
  expect(dueBy(waiting, '2026-12-02T00:00:00.000Z').map(([id]) => id)).toEqual(['CR-3', 'CR-2']);
});

describe('what should have been done by now', () => {
  const due = (minutes: number, does: 'start' | 'expire' | 'start-stage') => ({
    at: new Date(Date.parse('2026-12-01T12:00:00.000Z') - minutes * 60_000).toISOString(),
    does,
    authorisedBy: [],
  });

  it('is what waits five minutes longer than it should, and for nothing else', () => {
    const waiting = new Map<string, Due>([
      ['CR-1', due(5, 'start')],
      ['CR-2', due(4, 'start')],
      ['CR-3', due(60, 'start-stage')],
      ['CR-4', due(60, 'expire')],
      ['CR-5', due(-60, 'start')],
      ['CR-6', { ...due(60, 'start'), waitsForTicket: true }],
    ]);
    expect(overdueIn(waiting, '2026-12-01T12:00:00.000Z')).toEqual(['CR-4', 'CR-1']);
  });
});
