import { afterAll, beforeAll, expect, it } from 'vitest';
import { later } from '#kernel';
import { ControlUnderTest, REASON } from '#test/support/control-under-test';
import { openReview } from './testing/changes-of-reviews.js';
import { Stage } from './testing/stage.js';

/** Days, as the site says. */
const INTERVALS = { accessReviewInterval: 60, periodicReviewInterval: 700, trailReviewInterval: 10 };
const DAY_MS = 86_400_000;

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.set(await ControlUnderTest.start(INTERVALS));
});
afterAll(() => stage.end());

it.each([
  ['access', {}, 60],
  ['periodic', { from: '2026-11-01T00:00:00Z' }, 700],
  ['trail', {}, 10],
] as const)(
  'R12, R28, R36: a review says when the next one is due, after as many days as the site says: %s',
  async (kind, body, days) => {
    const { id, view } = await openReview(stage, 'cyd', kind, body);
    const nextDue = later(stage.control.clock.now(), days * DAY_MS);
    expect(view).toMatchObject({ record: { nextDue } });
    await stage.post('cyd', `/v1/reviews/${id}/withdraw`, { reason: REASON });
  },
);
