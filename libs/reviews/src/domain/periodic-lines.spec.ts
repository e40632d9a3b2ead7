import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#kernel';
import { byPerson, byWorker } from '#test/support/decider-specification';
import { LISTED, LISTED_TYPES, openDeviations, periodicLines, type Listable } from './periodic-lines.js';

const { actor, reason, at } = byPerson('olga', ['operator']);
const event = (position: string, type: string, more: Partial<Listable> = {}): Listable => ({
  position,
  type,
  at,
  actor,
  reason,
  stream: 'release-policy/default',
  data: {},
  ...more,
});

describe('the lines of a period', () => {
  it('R36: are by section, and by position within it, whatever came first', () => {
    const listed = [event('12', 'RingResumed'), event('9', 'PersonEnrolled'), event('7', 'RingHalted')];
    const changes = [event('30', 'ChangeClosed', { stream: 'change-request/CR-2026-0001' })];
    const lines = periodicLines(listed, changes, []);
    expect(lines.map(({ section, position }) => [section, position])).toEqual([
      ['changes', '30'],
      ['halts', '7'],
      ['halts', '12'],
      ['people', '9'],
    ]);
    expect(periodicLines(listed.toReversed(), changes, [])).toEqual(lines);
  });

  it('R36: say who did what to what, and why', () => {
    const failed = event('3', 'SignInFailed', {
      actor: byWorker('person/1').actor,
      stream: 'person/1',
      data: { failures: 4, first: at, last: at, inARow: 4 },
      reason: { code: 'counted', text: 'wrong passwords and codes of an hour' },
    });
    const granted = event('4', 'RoleGranted', { data: { role: 'qa', old: [], new: ['qa'] } });
    expect(periodicLines([failed, granted], [], [])).toMatchObject([
      {
        section: 'sign-ins',
        about: 'person/1',
        by: 'worker',
        text: 'failures 4; counted: wrong passwords and codes of an hour',
      },
      { section: 'people', by: 'olga', text: `role qa; ${reason.code}: ${reason.text}` },
    ]);
  });

  it('shorten a long reason, and leave no half of a character', () => {
    const text = `${'x'.repeat(198)}😀 and more`;
    const [line] = periodicLines([event('1', 'RingHalted', { reason: { code: 'other', text } })], [], []);
    expect(line?.text).toBe(`other: ${'x'.repeat(198)}\uFFFD…`);
  });

  it('name what a finding says, by its kind', () => {
    const data = { finding: { kind: 'deviation', text: 'a right without a request' } };
    const [line] = periodicLines([event('1', 'FindingRecorded', { data })], [], []);
    expect(line?.text).toMatch(/^kind deviation; /);
  });

  it('R36: say what the verifier found, and of how many entries that all agree', () => {
    const stream = 'ledger';
    const held = event('5', 'LedgerVerified', {
      stream,
      data: { at, entries: '300', root: 'r', seconds: 2 },
    });
    const finding = {
      check: 'events',
      kind: 'missing',
      position: '8',
      says: 'the event at position 8 is gone',
    };
    const data = { at, findings: [finding, finding], more: 3, seconds: 2 };
    const found = event('9', 'LedgerVerificationFailed', { stream, data });
    expect(periodicLines([held, found], [], [])).toMatchObject([
      { section: 'integrity', about: stream, text: expect.stringMatching(/^entries 300; /) as string },
      {
        section: 'integrity',
        text: expect.stringMatching(
          /^findings 5; kind missing; says the event at position 8 is gone; /,
        ) as string,
      },
    ]);
  });

  it('R36, R16: name the deviations that are open at the end, of whichever review and period they are', () => {
    const found = (position: string, stream: string, finding: JsonObject) =>
      event(position, 'FindingRecorded', { stream, data: { finding } });
    const deviation = (ticket: string) => ({ kind: 'deviation', text: 'approved too soon', ticket, due: at });
    const closed = (position: string, stream: string, finding: number) =>
      event(position, 'DeviationClosed', { stream, data: { finding, ticket: 'CAPA-1' } });
    const before = [
      found('3', 'review/TR-0001', { kind: 'note', text: 'nothing else' }),
      found('4', 'review/TR-0001', deviation('DEV-1')),
      found('5', 'review/TR-0001', deviation('DEV-2')),
      found('6', 'review/AR-0001', deviation('DEV-3')),
      closed('7', 'review/TR-0001', 3),
      found('8', 'review/TR-0002', { kind: 'note', text: 'nothing else' }),
      found('9', 'review/TR-0002', deviation('DEV-4')),
    ];
    const listed = before.slice(4);
    const lines = periodicLines(listed, [], openDeviations(before, '2027-01-01T00:00:00.000Z'));
    expect(lines.filter(({ section }) => section === 'deviations')).toMatchObject([
      { position: '4', about: 'review/TR-0001' },
      { position: '6', about: 'review/AR-0001' },
      { position: '9', about: 'review/TR-0002', by: 'olga' },
    ]);
    expect(lines.at(-1)?.text).toBe(
      `deviation 2; kind deviation; ticket DEV-4; due ${at}; text approved too soon; ${reason.code}: ${reason.text}`,
    );
    expect(lines.find(({ type }) => type === 'DeviationClosed')).toMatchObject({
      section: 'reviews',
      text: expect.stringMatching(/^finding 3; ticket CAPA-1; /) as string,
    });
  });

  it('R36: number a deviation by its place in its review, also where the finding before it has a later time', () => {
    const stream = 'review/TR-0001';
    const finding = { kind: 'deviation', text: 'approved too soon', ticket: 'DEV-1' };
    const found = (position: string, time: string) =>
      event(position, 'FindingRecorded', { stream, at: time, data: { finding } });
    const to = '2026-12-01T09:00:00.000Z';
    const [ahead, after] = [found('3', '2026-12-01T09:05:00.000Z'), found('4', '2026-12-01T08:00:00.000Z')];
    const closed = (time: string) =>
      event('5', 'DeviationClosed', { stream, at: time, data: { finding: 2, ticket: 'CAPA-1' } });
    expect(openDeviations([ahead, after], to)).toEqual([{ event: after, finding: 2 }]);
    expect(openDeviations([ahead, after, closed('2026-12-01T08:30:00.000Z')], to)).toEqual([]);
    expect(openDeviations([ahead, after, closed(to)], to)).toHaveLength(1);
  });

  it('have each type in one section', () => {
    expect(Object.values(LISTED).flat()).toHaveLength(new Set(LISTED_TYPES).size);
  });
});
