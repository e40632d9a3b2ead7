import { describe, it } from 'vitest';
import { byWorker, specify } from '#test/support/decider-specification';
import type { LedgerVerificationFailed, LedgerVerified, VerificationEvent } from './events.js';
import type { Finding } from './finding.js';
import { LEDGER_STREAM, verification, type RecordFindings, type RecordVerified } from './verification.js';

const HOUR_MS = 3_600_000;
const { given } = specify(verification);
const by = (at: string) => ({ ...byWorker(LEDGER_STREAM), at });
const FIRST = '2026-11-22T06:00:00.000Z';

function verified(at: string): RecordVerified {
  const everyMs = 24 * HOUR_MS;
  return { type: 'RecordVerified', entries: '300', root: 'cm9vdA==', seconds: 1.5, everyMs, context: by(at) };
}
const holds = (at: string): LedgerVerified => ({
  type: 'LedgerVerified',
  data: { at, entries: '300', root: 'cm9vdA==', seconds: 1.5 },
});

const altered: Finding = {
  check: 'events',
  kind: 'differs',
  position: '7',
  says: 'the event at position 7 is not the one that was sealed',
};
const tile: Finding = { check: 'ledger', kind: 'tile-differs', position: '0', says: 'a tile differs' };
function found(at: string, ...findings: Finding[]): RecordFindings {
  return { type: 'RecordFindings', findings, more: 0, seconds: 2, context: by(at) };
}
const differs = (at: string, ...findings: Finding[]): LedgerVerificationFailed => ({
  type: 'LedgerVerificationFailed',
  data: { at, findings, more: 0, seconds: 2 },
});

describe('a ledger that was verified', () => {
  it('is on record', () => given().when(verified(FIRST)).then(holds(FIRST)));
  it('is so once a period, however often a worker starts', () =>
    given(holds(FIRST)).when(verified('2026-11-22T17:59:59.000Z')).thenNothing());
  it('is so again in the next one, which took a little less', () =>
    given(holds(FIRST)).when(verified('2026-11-23T05:59:00.000Z')).then(holds('2026-11-23T05:59:00.000Z')));
  it('is so although the clock went back', () =>
    given(holds(FIRST)).when(verified('2026-11-21T06:00:00.000Z')).then(holds('2026-11-21T06:00:00.000Z')));
});

describe('R39: what does not agree', () => {
  const LATER = '2026-11-22T07:00:00.000Z';

  it('is told with where, and what differs', () =>
    given(holds(FIRST)).when(found(LATER, altered)).then(differs(LATER, altered)));
  it('is told once, though the sentence changes as the ledger grows', () =>
    given(differs(FIRST, tile))
      .when(found(LATER, { ...tile, says: 'a tile of 400 entries differs' }))
      .thenNothing());
  it('is told again when something else does not agree either', () =>
    given(differs(FIRST, altered))
      .when(found(LATER, altered, tile))
      .then(differs(LATER, altered, tile)));
  it('is told again when it is found after it was in order', () =>
    given(differs(FIRST, altered), recovered(LATER))
      .when(found('2026-11-22T08:00:00.000Z', altered))
      .then(differs('2026-11-22T08:00:00.000Z', altered)));
  it('is over once all was verified, which says since when it was not', () =>
    given(differs(FIRST, altered), differs('2026-11-22T06:30:00.000Z', altered, tile))
      .when(verified(LATER))
      .then(recovered(LATER)));

  function recovered(at: string): VerificationEvent {
    return { type: 'LedgerVerificationRecovered', data: { ...holds(at).data, failedSince: FIRST } };
  }
});

describe('R39: that nothing is signed', () => {
  const overdue = { position: '300', at: FIRST };
  const at = '2026-11-22T06:16:00.000Z';
  const signing = (late: typeof overdue | null, sealed: string) =>
    ({ type: 'RecordSealing', sealed, overdue: late, context: by(at) }) as const;
  const failed: VerificationEvent = { type: 'CheckpointSigningFailed', data: { at, sealed: '300', overdue } };
  const resumed: VerificationEvent = { type: 'CheckpointSigningResumed', data: { at, sealed: '301' } };

  it('is told', () => given().when(signing(overdue, '300')).then(failed));
  it('is told once', () => given(failed).when(signing(overdue, '300')).thenNothing());
  it('is over, which is told once', () => given(failed).when(signing(null, '301')).then(resumed));
  it('is no event while all is sealed in time', () =>
    given(failed, resumed).when(signing(null, '302')).thenNothing());
});
