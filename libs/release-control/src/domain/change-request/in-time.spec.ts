import { describe, expect, it } from 'vitest';
import { fold, type CommandContext } from '#kernel';
import { byPerson, byWorker, specify } from '#test/support/decider-specification';
import { changeRequest } from './change-request.js';
import { dueOf } from './due.js';
import type { ChangeRequestEvent } from './events.js';
import { digestOf } from './record.js';
import {
  ana,
  applied,
  approval,
  approve,
  approved,
  ben,
  captured,
  change,
  draft,
  drafted,
  draftedData,
  draftedForNight,
  night,
  started,
  submitted,
} from './testing/one-request.js';
import type { ChangeWindow } from './window.js';

const { given } = specify(changeRequest);

const IN_THE_night = '2026-11-22T21:00:00.000Z';
const THE_NEXT_DAY = '2026-11-23T03:00:00.001Z';

const recordDigest = digestOf({ ...draftedData, window: night, submittedAt: ana.at, changes: [change] });
const open: readonly ChangeRequestEvent[] = [
  draftedForNight,
  submitted,
  { ...captured, data: { ...captured.data, recordDigest } },
];
const signature = { ...approval.signature, recordDigest };
const scheduled: readonly ChangeRequestEvent[] = [
  ...open,
  { type: 'ChangeApproved', data: { ...approval, signature } },
];
const begun: ChangeRequestEvent = { type: 'ChangeStarted', data: { at: IN_THE_night } };
const expired = (from: string): ChangeRequestEvent => ({
  type: 'ChangeExpired',
  data: { from, notAfter: '2026-11-23T03:00:00.000Z' },
});
const worker = (at: string): CommandContext => byWorker('change-request/CR-2026-0001', { at });
const start = (at: string) => ({ type: 'StartChange', context: worker(at) }) as const;
const expire = (at: string) => ({ type: 'ExpireChange', context: worker(at) }) as const;
const recall = (name: string, roles: readonly string[]) =>
  ({ type: 'RecallChange', context: byPerson(name, roles) }) as const;

describe('when a change may take effect', () => {
  it('is said when it is drafted, and is part of what is signed', () => {
    given()
      .when({ ...draft, window: night })
      .then({ type: 'ChangeDrafted', data: { ...draftedData, window: night } });
    expect(recordDigest).not.toBe(captured.data.recordDigest);
    given(...open)
      .when(approve)
      .thenRefused('record-changed');
  });
  it('leaves the digest of a request that does not say it as it was', () => {
    const record = { ...draftedData, submittedAt: ana.at, changes: [change] };
    expect(digestOf({ ...record, window: {} })).toBe(digestOf(record));
  });
  it.each<[string, ChangeWindow]>([
    ['no time', { notBefore: 'tonight' }],
    ['an impossible day', { notBefore: '2026-13-01T00:00:00.000Z' }],
    ['a time of another zone', { notBefore: '2026-11-22T22:00:00.000+01:00' }],
    ['a latest time that has passed', { notAfter: '2026-11-22T12:48:14.122Z' }],
    ['an end before its beginning', { notBefore: night.notAfter, notAfter: night.notBefore }],
    ['no time at all', { notBefore: IN_THE_night, notAfter: IN_THE_night }],
  ])('is refused as %s', (_what, window) =>
    given()
      .when({ ...draft, window })
      .thenRefused('invalid-window'),
  );
});

describe('R25: a scheduled change', () => {
  it('is what is approved before its time', () =>
    expect(fold(changeRequest, scheduled)).toMatchObject({ status: 'scheduled', window: night }));
  it('is approved, and not scheduled, when its time has come by the last signature', () => {
    const signedAt = '2026-11-22T22:00:00.000Z';
    const event: ChangeRequestEvent = {
      type: 'ChangeApproved',
      data: { ...approval, signature: { ...signature, signedAt } },
    };
    expect(fold(changeRequest, [...open, event])).toMatchObject({ status: 'approved' });
  });
  it('begins at its time, and not a millisecond before', () => {
    given(...scheduled)
      .when(start('2026-11-22T20:59:59.999Z'))
      .thenNothing();
    given(...scheduled)
      .when(start(IN_THE_night))
      .then(begun);
  });
  it('begins once, whatever the clock does then', () => {
    given(...scheduled, begun)
      .when(start(IN_THE_night))
      .thenNothing();
    given(...scheduled, begun)
      .when(start(THE_NEXT_DAY))
      .thenNothing();
    given(...scheduled, begun, applied)
      .when(start(THE_NEXT_DAY))
      .thenNothing();
  });
  it('expires when its latest time has passed before it began', () =>
    given(...scheduled)
      .when(start(THE_NEXT_DAY))
      .then(expired('scheduled')));
  it('is put in force once it has begun, also after its latest time', () =>
    given(...scheduled, begun)
      .when({ type: 'RecordApplied', policy: 'release-policy/default', context: worker(THE_NEXT_DAY) })
      .then(applied));
  it('is not put in force before it has begun', () => {
    const apply = {
      type: 'RecordApplied',
      policy: 'release-policy/default',
      context: worker(ana.at),
    } as const;
    given(...scheduled)
      .when(apply)
      .thenRefused('not-allowed-in-status');
    given(drafted, submitted, captured, approved).when(apply).thenRefused('not-allowed-in-status');
  });
});

describe('R25: a request that nobody approved in time', () => {
  it('expires after its latest time, and not at it', () => {
    given(...open)
      .when(expire('2026-11-23T03:00:00.000Z'))
      .thenNothing();
    given(...open)
      .when(expire(THE_NEXT_DAY))
      .then(expired('captured'));
  });
  it('expires as a draft, too', () =>
    given(...open.slice(0, 1))
      .when(expire(THE_NEXT_DAY))
      .then(expired('drafted')));
  it('expires once', () =>
    given(...open, expired('captured'))
      .when(expire(THE_NEXT_DAY))
      .thenNothing());
  it('cannot be approved between its latest time and the worker’s word', () =>
    given(...open)
      .when({ ...approve, signature, context: { ...ben, at: THE_NEXT_DAY } })
      .thenRefused('too-late'));
  it('keeps what was captured and signed of it', () =>
    expect(fold(changeRequest, [...scheduled, expired('scheduled')])).toMatchObject({
      status: 'expired',
      changes: [change],
      recordDigest,
      signatures: [{ printedName: 'Ben' }],
    }));
  it('does not expire when it names no latest time', () =>
    given(drafted, submitted, captured).when(expire('2100-01-01T00:00:00.000Z')).thenNothing());
});

describe('R25: recalling', () => {
  const recalled = (name: string, from: string): ChangeRequestEvent => ({
    type: 'ChangeRecalled',
    data: { from, by: { id: `id-of-${name}`, name } },
  });

  it.each([['operator'], ['approver'], ['qa']])('is done by one person with the role %s', (role) =>
    given(...scheduled)
      .when(recall('Eva', [role]))
      .then(recalled('Eva', 'scheduled')),
  );
  it('is done by the author', () =>
    given(...scheduled)
      .when(recall('Ana', []))
      .then(recalled('Ana', 'scheduled')));
  it('is done to what is approved and was not taken on yet', () =>
    given(drafted, submitted, captured, approved).when(recall('Ana', [])).then(recalled('Ana', 'approved')));
  it.each([[['author']], [['admin']], [['operator@pilot']], [[]]])('is not done by %j', (roles) =>
    given(...scheduled)
      .when(recall('Eva', roles))
      .thenRefused('not-a-recaller'),
  );
  it('is refused once it is taking effect: what was recalled is never in force', () => {
    given(...scheduled, begun)
      .when(recall('Ana', []))
      .thenRefused('not-allowed-in-status');
    given(drafted, submitted, captured, approved, started)
      .when(recall('Ana', []))
      .thenRefused('not-allowed-in-status');
  });
  it('keeps it from beginning', () =>
    given(...scheduled, recalled('Ana', 'scheduled'))
      .when(start(IN_THE_night))
      .thenNothing());
});

describe('what a request waits for', () => {
  const due = (...history: ChangeRequestEvent[]) => dueOf(fold(changeRequest, history));

  it('is its latest time while it is open, and its earliest once it is approved', () => {
    expect(due(...open)).toEqual({ at: night.notAfter, does: 'expire' });
    expect(due(...scheduled)).toEqual({ at: night.notBefore, does: 'start' });
  });
  it('is nothing once it has begun or ended, or when it names no time', () => {
    expect(due(...scheduled, begun)).toBeNull();
    expect(due(...open, expired('captured'))).toBeNull();
    expect(due(drafted, submitted, captured, approved)).toBeNull();
  });
});
