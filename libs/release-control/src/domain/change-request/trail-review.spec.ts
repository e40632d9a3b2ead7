import { describe, expect, it } from 'vitest';
import { fold } from '#kernel';
import { byWorker, specify } from '#test/support/decider-specification';
import { BUILT_IN_POLICY } from '../approval-policy/approval-policy.js';
import { changeRequest } from './change-request.js';
import { dueOf } from './due.js';
import type { ChangeRequestEvent } from './events.js';
import { waitsFor } from './stages.js';
import {
  dayTwo,
  rollingOut,
  signersNow,
  stageStarted,
  stageVerified,
  start as startStage,
} from './testing/one-plan.js';
import {
  ana,
  approval,
  approved,
  captured,
  change,
  drafted,
  item,
  submitted,
} from './testing/one-request.js';
import { trailReviewWait, type TrailFacts } from './trail-review.js';
import { waitAt } from './waiting.js';

const { given } = specify(changeRequest);
const policy = { ...BUILT_IN_POLICY, version: 3, trailReviewed: true } as const;
const open = [drafted, submitted, captured, approved];
const NOBODY: TrailFacts = { decided: 3n, reviewed: null };
const start = (trail: TrailFacts | undefined, rules: typeof policy | typeof BUILT_IN_POLICY = policy) =>
  ({
    type: 'StartChange',
    policy: rules,
    trail,
    applied: false,
    context: byWorker('change-request/CR-2026-0001', { at: ana.at }),
  }) as const;
const why = 'no signed review of the trail has it up to event 3 of its record';
const deferred: ChangeRequestEvent = {
  type: 'ChangeDeferred',
  data: { for: 'trail-review', until: null, why, policyVersion: 3 },
};
const started: ChangeRequestEvent = { type: 'ChangeStarted', data: { at: ana.at } };

describe('R15: a ring that asks for a review of the trail', () => {
  it('has what is approved wait for a signed review that has its approval, and says so once', () => {
    given(...open)
      .when(start(NOBODY))
      .then(deferred);
    given(...open, deferred)
      .when(start(NOBODY))
      .thenNothing();
    expect(fold(changeRequest, [...open, deferred])).toMatchObject({
      status: 'scheduled',
      waits: { for: 'trail-review', until: null, why },
    });
  });

  it('is not content with a review of what came before the approval', () => {
    given(...open)
      .when(start({ decided: 3n, reviewed: 2n }))
      .then(deferred);
  });

  it.each([3n, 4n])('lets it begin once a signed review has its record up to event %d', (reviewed) => {
    given(...open, deferred)
      .when(start({ decided: 3n, reviewed }))
      .then(started);
    given(...open)
      .when(start({ decided: 3n, reviewed }))
      .then(started);
  });

  it('lets it begin when the policy asks for none any more', () => {
    given(...open, deferred)
      .when(start(undefined, BUILT_IN_POLICY))
      .then(started);
  });

  it('never lets it begin by an oversight: who asks without having looked is a fault', () => {
    const request = { items: [item], changes: [change] };
    expect(() => waitAt(request, { policy }, ana.at)).toThrow('nothing is known');
  });

  it('has it asked again and again, and expire or be recalled meanwhile as anything that waits', () => {
    expect(dueOf(fold(changeRequest, [...open, deferred]))).toEqual({
      at: approval.signature.signedAt,
      does: 'start-reviewed',
    });
    given(...open, deferred)
      .when({ type: 'RecallChange', context: ana })
      .then({
        type: 'ChangeRecalled',
        data: { from: 'scheduled', by: { id: 'id-of-Ana', name: 'Ana' } },
      });
  });

  it('is of what sets a version, as a promotion does, and of nothing else', () => {
    const waits = (changes: Parameters<typeof trailReviewWait>[1]['changes'], items = [item]) =>
      trailReviewWait(NOBODY, changes ? { items, changes } : { items });
    expect(waits([change])).not.toBeNull();
    expect(waits([{ ...change, new: null }])).toBeNull();
    expect(waits([{ kind: 'access', old: 'open', new: 'gated' }])).toBeNull();
    expect(waits(undefined)).not.toBeNull();
    expect(waits(undefined, [{ ...item, version: null }])).toBeNull();
    expect(trailReviewWait(NOBODY, { items: [{ kind: 'promotion', from: 'pilot' }] })).not.toBeNull();
  });

  it('is foretold before it is approved', () => {
    expect(trailReviewWait({ decided: null, reviewed: null }, { items: [item] })).toMatchObject({
      why: 'no signed review of the trail has it up to its approval',
    });
  });

  it('says what is waited for longest, of several', () => {
    const freeze = {
      from: '2026-11-22T00:00',
      to: '2026-11-23T00:00',
      zone: 'UTC',
      reason: 'stock',
      emergencies: 'pass',
    } as const;
    const waits = (trail: TrailFacts) =>
      waitAt(
        { items: [item], changes: [change] },
        { policy: { ...policy, freezes: [freeze] }, trail },
        '2026-11-22T12:00:00.000Z',
      );
    expect(waits(NOBODY)?.for).toBe('trail-review');
    expect(waits({ decided: 3n, reviewed: 3n })?.for).toBe('freeze');
  });

  it('is asked by the next ring of a plan as well, of what came of the ring before', () => {
    const first = { ...policy, version: 0 };
    const plan = [...rollingOut, stageVerified];
    given(...plan)
      .when({ ...startStage, policy: first, trail: { decided: 6n, reviewed: 4n } })
      .thenNothing();
    given(...plan)
      .when({ ...startStage, policy: first, trail: { decided: 6n, reviewed: 6n } })
      .then(stageStarted(2));
    const state = fold(changeRequest, plan);
    if (state.status !== 'rolling-out') throw new Error(state.status);
    const facts = { now: dayTwo, policy, trail: { decided: 6n, reviewed: null }, signersNow, halted: [] };
    expect(waitsFor(state, facts)).toContain(
      'a review of the trail that ring pilot asks for: no signed review of the trail has it up to event 6 of its record',
    );
  });
});
