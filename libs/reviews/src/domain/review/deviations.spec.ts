import { describe, expect, it } from 'vitest';
import { fold } from '#kernel';
import { byPerson, byWorker, specify } from '#test/support/decider-specification';
import { daysAfter } from '../kinds.js';
import type { CloseDeviation, RecordFinding } from './commands.js';
import { deviationsOf } from './deviations.js';
import type { Finding, ReviewEvent } from './events.js';
import { digestOf as digestOfState } from './record.js';
import { review } from './review.js';
import { ANA, BEN, digestOf, NEXT_DUE, opened, signs, TRAIL } from './testing/one-review.js';

const { given } = specify(review);
const ana = { id: 'id-of-ana', name: 'ana' };
const ben = { id: 'id-of-ben', name: 'ben' };
const DUE = daysAfter(ANA.at, 10);
const said = { by: ana, at: ANA.at };
const note: Finding = { kind: 'note', text: 'two halts, explained', ...said };
const deviation: Finding = {
  kind: 'deviation',
  text: 'approved in four seconds',
  ticket: 'DEV-31',
  due: DUE,
  ...said,
};
/** Of a release that asked for no time. */
const older: Finding = { kind: 'deviation', text: 'a right without a request', ticket: 'DEV-7', ...said };
const findings = [note, deviation, older];
const history: readonly ReviewEvent[] = [
  opened(TRAIL),
  ...findings.map((finding): ReviewEvent => ({ type: 'FindingRecorded', data: { finding } })),
];
const completed: ReviewEvent = {
  type: 'ReviewCompleted',
  data: {
    signature: signs(ANA, TRAIL, digestOf(TRAIL, { findings })).signature,
    notCounted: [],
    nextDue: NEXT_DUE,
  },
};
const withdrawn: ReviewEvent = { type: 'ReviewWithdrawn', data: { by: ana } };
const close = (finding: number, context = BEN): CloseDeviation => ({
  type: 'CloseDeviation',
  finding,
  ticket: 'CAPA-12',
  context,
});
const closed: ReviewEvent = {
  type: 'DeviationClosed',
  data: { finding: 2, by: ben, at: BEN.at, ticket: 'CAPA-12' },
};
const escalate = (at: string) =>
  ({ type: 'EscalateDeviations', context: byWorker('review/TR-0001', { at }) }) as const;

describe('R16: a deviation that a review found', () => {
  it('is recorded with its ticket, and by when it is to be closed', () => {
    const finding = { kind: 'deviation', text: 'a halt without a ticket', ticket: 'DEV-12' } as const;
    const record = (due?: string): RecordFinding => ({
      type: 'RecordFinding',
      finding: { ...finding, ...(due === undefined ? {} : { due }) },
      context: BEN,
    });
    const recorded = (due: string): ReviewEvent => ({
      type: 'FindingRecorded',
      data: { finding: { ...finding, due, by: ben, at: BEN.at } },
    });
    const usual = daysAfter(BEN.at, 30);
    given(opened(TRAIL)).when(record()).then(recorded(usual));
    const soon = daysAfter(BEN.at, 2);
    given(opened(TRAIL)).when(record(soon)).then(recorded(soon));
    for (const wrong of [BEN.at, daysAfter(BEN.at, 367)])
      given(opened(TRAIL)).when(record(wrong)).thenRefused('invalid-due');
  });

  it.each([
    ['open', []],
    ['completed', [completed]],
    ['withdrawn', [withdrawn]],
  ])('is closed with what was done about it, where its review is %s', (_status, end) => {
    given(...history, ...end)
      .when(close(2))
      .then(closed);
  });

  it('is closed once, and says by whom and with what it was', () => {
    given(...history, completed, closed)
      .when(close(2, ANA))
      .thenRefused('deviation-closed');
    expect(deviationsOf(begun([...history, closed]))).toMatchObject([
      { finding: 2, closed: { by: ben, ticket: 'CAPA-12' } },
      { finding: 3, closed: null },
    ]);
  });

  it.each([
    ['a note', 1],
    ['none', 4],
    ['none', 0],
  ])('is not %s', (_what, finding) => {
    given(...history)
      .when(close(finding))
      .thenRefused('no-such-deviation');
    given().when(close(finding)).thenRefused('no-such-review');
  });

  it('is closed by QA, with a reason', () => {
    given(...history)
      .when(close(2, byPerson('olga', ['operator'])))
      .thenRefused('not-a-reviewer');
    given(...history)
      .when(close(2, { ...BEN, reason: { code: 'done', text: 'done' } }))
      .thenRefused('reason-required');
  });

  it('R19: changes nothing of what was signed by being closed', () => {
    const before = begun([...history, completed]);
    expect(digestOfState(begun([...history, completed, closed]))).toBe(digestOfState(before));
  });

  it('is escalated once, when it was to be closed and is open', () => {
    const early = new Date(Date.parse(DUE) - 1).toISOString();
    const first: ReviewEvent = { type: 'DeviationEscalated', data: { finding: 2, due: DUE } };
    const usual = daysAfter(ANA.at, 30);
    const second: ReviewEvent = { type: 'DeviationEscalated', data: { finding: 3, due: usual } };
    given(...history, completed)
      .when(escalate(early))
      .thenNothing();
    given(...history, completed)
      .when(escalate(DUE))
      .then(first);
    given(...history, completed, first)
      .when(escalate(DUE))
      .thenNothing();
    given(...history, completed, first)
      .when(escalate(usual))
      .then(second);
    given(...history, completed)
      .when(escalate(usual))
      .then(first, second);
    given(...history, completed, closed)
      .when(escalate(DUE))
      .thenNothing();
    given(...history, completed, first)
      .when(close(2))
      .then(closed);
  });
});

function begun(events: readonly ReviewEvent[]) {
  const state = fold(review, events);
  if (state.status === 'none') throw new Error('it was opened');
  return state;
}
