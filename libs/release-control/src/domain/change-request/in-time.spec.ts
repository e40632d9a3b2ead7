import { describe, expect, it } from 'vitest';
import { fold, type CommandContext } from '#kernel';
import { byPerson, byWorker, specify } from '#test/support/decider-specification';
import { BUILT_IN_POLICY } from '../approval-policy/approval-policy.js';
import type { Freeze } from '../approval-policy/freeze.js';
import { changeRequest } from './change-request.js';
import { dueOf } from './due.js';
import type { ChangeItem } from './change-item.js';
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
const start = (at: string, freezes: readonly Freeze[] = [], applied = false) =>
  ({ type: 'StartChange', policy: { ...BUILT_IN_POLICY, freezes }, applied, context: worker(at) }) as const;
/** From the evening before until the morning after. */
const freeze: Freeze = {
  from: '2026-11-22T18:00',
  to: '2026-11-23T02:00',
  zone: 'UTC',
  reason: 'stock-taking',
  emergencies: 'pass',
};
const MORNING = '2026-11-23T02:00:00.000Z';
const waiting = { for: 'freeze', until: MORNING, why: 'stock-taking', policyVersion: 0 } as const;
const deferred: ChangeRequestEvent = { type: 'ChangeDeferred', data: waiting };
const expire = (at: string) => ({ type: 'ExpireChange', applied: false, context: worker(at) }) as const;
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
  it('does not expire where the ring has it, whatever its own record says', () => {
    for (const history of [open, [...scheduled, begun]])
      given(...history)
        .when({ ...expire(THE_NEXT_DAY), applied: true })
        .thenNothing();
  });
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

describe('R25, R26: in a freeze of its ring', () => {
  const midnight = '2026-11-23T00:00:00.000Z';
  it('a change waits for the end of it, and says so once', () => {
    given(...scheduled)
      .when(start(IN_THE_night, [freeze]))
      .then(deferred);
    expect(fold(changeRequest, [...scheduled, deferred])).toMatchObject({
      status: 'scheduled',
      waits: { for: 'freeze', until: MORNING, why: 'stock-taking' },
    });
    given(...scheduled, deferred)
      .when(start(midnight, [freeze]))
      .thenNothing();
    given(...scheduled, deferred)
      .when(start(MORNING, [freeze]))
      .then({ type: 'ChangeStarted', data: { at: MORNING } });
  });
  it('one waits as well when it was approved without a time', () => {
    const now = '2026-11-22T19:00:00.000Z';
    given(drafted, submitted, captured, approved)
      .when(start(now, [freeze]))
      .then(deferred);
    given(drafted, submitted, captured, approved, deferred, started)
      .when(start(MORNING, [freeze]))
      .thenNothing();
  });
  it('one waits for less long once the policy asks for less, and longer once it asks for more', () => {
    given(...scheduled, deferred)
      .when(start(midnight))
      .then({ type: 'ChangeStarted', data: { at: midnight } });
    const longer = { ...freeze, to: '2026-11-23T02:30' };
    given(...scheduled, deferred)
      .when(start(MORNING, [longer]))
      .then({
        ...deferred,
        data: { ...waiting, until: '2026-11-23T02:30:00.000Z' },
      });
  });
  it('what a worker began and did not finish before it waits too, unless the ring has it', () => {
    given(...scheduled, begun)
      .when(start(midnight, [freeze]))
      .then(deferred);
    given(...scheduled, begun)
      .when(start(midnight, [freeze], true))
      .thenNothing();
    expect(fold(changeRequest, [...scheduled, begun, deferred])).not.toHaveProperty('started');
  });
  it('one expires where its latest time passes first, which is when it is looked at', () => {
    const long = { ...freeze, to: '2026-11-29T00:00' };
    const until = '2026-11-29T00:00:00.000Z';
    const waits = { ...deferred, data: { ...deferred.data, until } } as ChangeRequestEvent;
    given(...scheduled)
      .when(start(IN_THE_night, [long]))
      .then(waits);
    const state = fold(changeRequest, [...scheduled, waits]);
    expect(dueOf(state)).toEqual({ at: night.notAfter, does: 'start' });
    given(...scheduled, waits)
      .when(start(THE_NEXT_DAY, [long]))
      .then(expired('scheduled'));
    expect(dueOf(fold(changeRequest, [...scheduled, deferred]))).toEqual({ at: MORNING, does: 'start' });
  });
  it('one can be recalled while it waits', () =>
    given(...scheduled, deferred)
      .when(recall('Ben', ['approver']))
      .then({
        type: 'ChangeRecalled',
        data: { from: 'scheduled', by: { id: 'id-of-Ben', name: 'Ben' } },
      }));
  it('nothing but a change of the approval policy takes effect, which is how it is lifted', () => {
    const { default: otherwise, kinds } = BUILT_IN_POLICY;
    const rules = { default: otherwise, kinds };
    const items = [{ kind: 'approval-policy', rules }] as const;
    const policyChange = {
      kind: 'approval-policy',
      old: { ...rules, freezes: [freeze] },
      new: rules,
    } as const;
    const resume = { kind: 'resume-ring' } as const;
    const history = (asked: readonly ChangeItem[]): ChangeRequestEvent[] => [
      { type: 'ChangeDrafted', data: { ...draftedData, items: asked } },
      submitted,
      { ...captured, data: { ...captured.data, changes: [policyChange] } },
      approved,
    ];
    given(...history(items))
      .when(start(midnight, [freeze]))
      .then({ type: 'ChangeStarted', data: { at: midnight } });
    given(...history([...items, resume]))
      .when(start(midnight, [freeze]))
      .then(deferred);
  });
});
