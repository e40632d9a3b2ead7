import { describe, expect, it } from 'vitest';
import { verification, type Verification } from '#ledger/domain/verification/verification';
import { judgeVerifier } from './verifier.js';

const AT = '2026-11-22T06:00:00.000Z';
const DAY_MS = 86_400_000;
const none = verification.initialState;
const verified: Verification = {
  ...none,
  verified: { at: AT, entries: '300', root: 'cm9vdA==', seconds: 2 },
};
const finding = {
  check: 'events',
  kind: 'missing',
  position: '8',
  says: 'the event at position 8 is gone',
} as const;
const failing: Verification = { ...verified, failing: { since: AT, findings: [finding], more: 4 } };

const levels = (states: readonly [Verification, Verification], days = 1) =>
  judgeVerifier(states, Date.parse(AT) + days * DAY_MS).map(({ check, level }) => `${check}: ${level}`);

describe('R39: what the verifier has recorded', () => {
  it('is in order when it is recent', () =>
    expect(levels([verified, none])).toEqual(['ledger: verifier: ok']));
  it('is in order when there is nothing yet', () =>
    expect(levels([none, none])).toEqual(['ledger: verifier: ok']));
  it('is a warning when it is old', () =>
    expect(levels([verified, none], 9)).toEqual(['ledger: verifier: warn']));

  it('is a failure of integrity while something does not agree, in whichever stream that was told', () => {
    for (const states of [
      [failing, none],
      [verified, failing],
    ] as const)
      expect(judgeVerifier(states, Date.parse(AT))).toMatchObject([
        {
          level: 'fail',
          integrity: true,
          says: `since ${AT} ledger and events do not agree, in 5 places: the event at position 8 is gone`,
        },
      ]);
  });

  it('is what it recorded since, once what was told in the other stream is over', () => {
    const before = { at: '2026-01-22T06:00:00.000Z', entries: '200', root: 'cm9vdA==', seconds: 2 };
    const over: Verification = { verified: before, failing: null, unsealedSince: null };
    expect(judgeVerifier([verified, over], Date.parse(AT))).toMatchObject([
      { level: 'ok', says: `all 300 entries were verified at ${AT}, in 2 s` },
    ]);
  });

  it('is the newest, in whichever stream it was recorded', () => {
    const later = { at: '2026-12-02T06:00:00.000Z', entries: '400', root: 'cm9vdA==', seconds: 3 };
    const over: Verification = { verified: later, failing: null, unsealedSince: null };
    expect(judgeVerifier([verified, over], Date.parse(later.at))).toMatchObject([
      { level: 'ok', says: `all 400 entries were verified at ${later.at}, in 3 s` },
    ]);
  });

  it('stays what was told in the other stream while that nothing is sealed stands there', () =>
    expect(levels([verified, { ...none, unsealedSince: AT }])).toEqual([
      'ledger: verifier: ok',
      'ledger: signing: fail',
    ]));

  it('is a failure while nothing is sealed', () =>
    expect(levels([{ ...verified, unsealedSince: AT }, none])).toEqual([
      'ledger: verifier: ok',
      'ledger: signing: fail',
    ]));
});
