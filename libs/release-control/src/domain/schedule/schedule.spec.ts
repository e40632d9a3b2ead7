import { expect, it } from 'vitest';
import { fold } from '#kernel';
import { byWorker, specify } from '#test/support/decider-specification';
import { dueBy, schedule, type Due, type DueDropped, type DueNoted } from './schedule.js';

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
