import { describe, it } from 'vitest';
import { byWorker, specify } from '#test/support/decider-specification';
import { clock, type ClockEvent, type Synchronisation } from './clock.js';

const { given } = specify(clock);
const of = { server: 'worker', host: 'alpha' } as const;
const at = '2026-11-22T12:48:14.123Z';
const context = byWorker('clock');
const follows = { state: 'synchronised', source: 'chrony' } as const;
const alone = { state: 'not-synchronised', source: 'chrony' } as const;
const unknown = { state: 'unknown', source: 'none' } as const;

const noted = (old: Synchronisation | null, now: Synchronisation, then = at): ClockEvent => ({
  type: 'TimeSynchronisationNoted',
  data: { ...of, old, new: now, at: then },
});
const lost = (old: Synchronisation | null, now: Synchronisation): ClockEvent => ({
  type: 'TimeSynchronisationLost',
  data: { ...of, old, new: now, at },
});
const note = (synchronisation: Synchronisation, atStart = false) =>
  ({ type: 'NoteSynchronisation', ...of, synchronisation, atStart, context }) as const;

describe('R06: whether a clock follows a time server', () => {
  it('is noted at the first look, also when nobody can say', () => {
    given().when(note(follows, true)).then(noted(null, follows));
    given().when(note(unknown, true)).then(noted(null, unknown));
  });

  it('is noted once, and again when it is another one', () => {
    given(noted(null, follows)).when(note(follows)).thenNothing();
    given(noted(null, unknown)).when(note(follows)).then(noted(unknown, follows));
    given(noted(null, follows), lost(follows, alone)).when(note(follows)).then(noted(alone, follows));
  });

  it('is noted again at a start, an hour later or more', () => {
    const [before, longBefore] = ['2026-11-22T11:50:00.000Z', '2026-11-22T11:48:14.123Z'];
    given(noted(null, follows, before))
      .when(note(follows, true))
      .thenNothing();
    given(noted(null, follows, longBefore))
      .when(note(follows))
      .thenNothing();
    given(noted(null, follows, longBefore))
      .when(note(follows, true))
      .then(noted(follows, follows));
  });

  it('is an alarm when it follows none any more, or nobody can say any more', () => {
    given(noted(null, follows)).when(note(alone)).then(lost(follows, alone));
    given(noted(null, follows)).when(note(unknown)).then(lost(follows, unknown));
    given(noted(null, unknown)).when(note(alone)).then(lost(unknown, alone));
    given().when(note(alone, true)).then(lost(null, alone));
  });

  it('is no alarm again while it is as it was', () => {
    given(lost(null, alone)).when(note(alone)).thenNothing();
    given(lost(null, alone)).when(note(unknown)).then(noted(alone, unknown));
  });

  it('is said of each server on each machine', () => {
    given(noted(null, follows))
      .when({ ...note(alone, true), host: 'beta' })
      .then({
        type: 'TimeSynchronisationLost',
        data: { server: 'worker', host: 'beta', old: null, new: alone, at },
      });
  });
});

describe('R06: a clock that was set', () => {
  it.each([
    [-7_200_000, '2026-11-22T14:48:14.123Z'],
    [2_000, '2026-11-22T12:48:12.123Z'],
  ])('by %i ms is an event', (byMs, expected) => {
    given()
      .when({ type: 'NoteStep', ...of, byMs, context })
      .then({ type: 'ClockStepped', data: { ...of, byMs, expected, found: at } });
  });

  it('by less than two seconds is none', () => {
    given()
      .when({ type: 'NoteStep', ...of, byMs: -1_999, context })
      .thenNothing();
  });

  it('back while the server was down is an event at its start', () => {
    given()
      .when({ type: 'NoteStart', ...of, newestAt: '2026-11-22T12:58:14.123Z', context })
      .then({
        type: 'ClockBehindHistory',
        data: { ...of, behindMs: 600_000, found: at, newestAt: '2026-11-22T12:58:14.123Z' },
      });
    given()
      .when({ type: 'NoteStart', ...of, newestAt: at, context })
      .thenNothing();
    given()
      .when({ type: 'NoteStart', ...of, newestAt: 'no time', context })
      .thenNothing();
  });
});
