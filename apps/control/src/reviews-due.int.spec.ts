import { afterAll, beforeAll, expect, it } from 'vitest';
import { later } from '#kernel';
import { ControlUnderTest, PASSWORD, REASON } from '#test/support/control-under-test';
import { lookAtReviews } from '#reviews/reactors/look-at-reviews';
import { digestToSign, linesOf, openReview } from './testing/changes-of-reviews.js';
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

it('R12, R28, R36: a kind of review that was never done is listed with when it is due, and said once to be overdue', async () => {
  const { streams, store, clock, reviewDays } = stage.control.adapters;
  const look = () => lookAtReviews(streams, store, clock, reviewDays);
  const due = async (token: string) => {
    const { json } = await stage.control.ask('GET', '/v1/due-reviews', { token });
    const kinds = json['kinds'] as readonly { kind: string; last: null; nextDue: string; overdue: boolean }[];
    return kinds.map(({ kind, last, nextDue, overdue }) => [kind, last, nextDue, overdue]);
  };
  const before = clock.now();
  const [founded] = await stage.control.history('site');
  const at = founded?.at ?? '';
  expect(await look()).toEqual([]);
  stage.control.clock.set(later(at, 60 * DAY_MS - 1));
  expect(await look()).toEqual(['trail']);
  stage.control.clock.set(later(at, 60 * DAY_MS));
  expect(await look()).toEqual(['access', 'trail']);
  expect(await look()).toEqual(['access', 'trail']);
  expect(await due(await stage.control.signIn('cyd'))).toEqual([
    ['access', null, later(at, 60 * DAY_MS), true],
    ['periodic', null, later(at, 700 * DAY_MS), false],
    ['trail', null, later(at, 10 * DAY_MS), true],
  ]);
  const said = await stage.control.history('first-reviews');
  expect(said.map(({ type, data }) => [type, data])).toEqual([
    ['FirstReviewOverdue', { kind: 'trail', due: later(at, 10 * DAY_MS) }],
    ['FirstReviewOverdue', { kind: 'access', due: later(at, 60 * DAY_MS) }],
  ]);
  await stage.backTo(before);
});

/** Cyd has decided on all that is not about cyd, and dan, who has another line, on the rest. */
async function decided(body: object = {}): Promise<string> {
  const { id, view } = await openReview(stage, 'cyd', 'access', body);
  for (const who of ['cyd', 'dan']) {
    const decisions = linesOf(view).flatMap(({ login }, i) =>
      (login === 'cyd') === (who === 'dan') ? [{ line: i + 1, decision: 'keep' }] : [],
    );
    await stage.post(who, `/v1/reviews/${id}/decisions`, { decisions, reason: REASON });
  }
  return id;
}
const sign = async (login: string, id: string) => {
  const recordDigest = await digestToSign(stage, id);
  return async () =>
    (
      await stage.control.ask('POST', `/v1/reviews/${id}/sign`, {
        token: stage.token(login),
        body: { recordDigest, password: PASSWORD, reason: REASON },
      })
    ).json;
};
const revoke = async (login: string, role: string) =>
  (
    await stage.control.ask('DELETE', `/v1/people/${login}/roles/${role}`, {
      token: stage.token('admin'),
      body: { reason: REASON },
    })
  ).status;

it('R28: an access review is not signed while somebody has a right that it does not list, though no read model knows', async () => {
  await stage.enrol('dan', ['qa']);
  stage.control.clock.set(later(stage.control.clock.now(), 1_000));
  const id = await decided();
  const signsOf = { cyd: await sign('cyd', id), dan: await sign('dan', id) };
  expect(await signsOf.cyd()).toMatchObject({ status: 'open' });
  stage.control.clock.set(later(stage.control.clock.now(), 1_000));
  await stage.control.enrol(stage.token('admin'), 'gus', ['approver']);
  const positions: Record<string, string> = {};
  let position = 0;
  for await (const { events } of stage.control.adapters.store.readAll(null))
    for (const { type } of events) positions[type] = String(position++);
  const named = `gus was enrolled \\(position ${positions['PersonEnrolled']}\\), gus was given the role approver in every ring \\(position ${positions['RoleGranted']}\\)`;
  const refused = { status: 409, code: 'rights-changed', detail: expect.stringMatching(named) as string };
  // Before the read models have it, and after.
  expect(await signsOf.dan()).toMatchObject(refused);
  await stage.projector.catchUp();
  expect(await signsOf.dan()).toMatchObject(refused);

  await stage.post('cyd', `/v1/reviews/${id}/withdraw`, { reason: REASON });
  const anew = await decided();
  expect(await (await sign('cyd', anew))()).toMatchObject({ status: 'open' });
  stage.control.clock.set(later(stage.control.clock.now(), 1_000));
  expect(await revoke('gus', 'approver')).toBe(200);
  expect(await (await sign('dan', anew))()).toMatchObject({ status: 'completed' });
});
