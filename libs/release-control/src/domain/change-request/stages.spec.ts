import { describe, expect, it } from 'vitest';
import { fold } from '#kernel';
import { byPerson, specify } from '#test/support/decider-specification';
import { BUILT_IN_POLICY, type ApprovalPolicy } from '../approval-policy/approval-policy.js';
import { changeRequest } from './change-request.js';
import type { ChangeRequestEvent } from './events.js';
import { waitsFor } from './stages.js';
import { ana, author, closed, fay, figures, found, item, verify, worker } from './testing/one-request.js';
import {
  approvedPlan,
  beforeLast,
  captured,
  changes,
  dayThree,
  dayTwo,
  draftedData,
  evasData,
  qaToo,
  rollingOut,
  signersNow,
  stageApplied,
  stages,
  stageStarted,
  stageVerified,
  start,
  startedPlan,
  stopped,
  tooLate,
  window,
} from './testing/one-plan.js';

const { given } = specify(changeRequest);
const twoApprovers: ApprovalPolicy = {
  ...BUILT_IN_POLICY,
  version: 3,
  default: { approvals: 2, roles: {}, order: 'any' },
};
const verifies = { ...verify, type: 'VerifyStage' as const, ring: 'canary' };
const verifiedPilot: ChangeRequestEvent = {
  type: 'StageVerified',
  data: { stage: 2, ring: 'pilot', ...found },
};

describe('the next ring of a plan', () => {
  const verified = [...rollingOut, stageVerified];
  const started = stageStarted(2);

  it('is started once the ring before has had it for so long, and somebody has verified it there', () => {
    given(...verified)
      .when(start)
      .then(started);
  });

  it.each([
    ['R25: the time has not come', verified, { context: { ...worker, at: '2026-11-23T12:48:14.122Z' } }],
    ['R25: nobody has verified it', rollingOut, {}],
    ['R25: something is halted', verified, { halted: ['ring pilot is halted'] }],
    ['R26: its policy asks for more', verified, { policy: twoApprovers }],
    [
      'R27: who signed has lost the role',
      verified,
      { signersNow: new Map([['id-of-Ben', { roles: [], resets: 0 }]]) },
    ],
    [
      'R27: who signed holds the role elsewhere',
      verified,
      { signersNow: new Map([['id-of-Ben', { roles: ['approver@canary'], resets: 0 }]]) },
    ],
    [
      'R24: who signed was reset',
      verified,
      { signersNow: new Map([['id-of-Ben', { roles: ['approver'], resets: 1 }]]) },
    ],
    ['it was started already', [...verified, started], {}],
    ['the plan was stopped', [...verified, stopped], {}],
  ] as const)('is not while, or where, %s', (_what, history, more) => {
    given(...history)
      .when({ ...start, ...more })
      .thenNothing();
  });

  it('says all that it waits for', () => {
    const state = fold(changeRequest, rollingOut);
    if (state.status !== 'rolling-out') throw new Error(state.status);
    expect(
      waitsFor(state, { now: ana.at, policy: qaToo, signersNow, halted: ['ring pilot is halted'] }),
    ).toEqual([
      `the end of the time in ring canary, at ${dayTwo}`,
      'a verification in ring canary',
      'a resume: ring pilot is halted',
      '1 more signature, 1 with the role qa, in ring pilot',
    ]);
  });

  it('is started with a further signature, and says by which version of the policy', () => {
    const signed: ChangeRequestEvent = { type: 'StageSigned', data: evasData };
    const both = new Map([...signersNow, ['id-of-Eva', { roles: ['qa'], resets: 0 }]]);
    given(...verified, signed)
      .when({ ...start, policy: qaToo, signersNow: both })
      .then({
        type: 'StageStarted',
        data: { stage: 2, ring: 'pilot', at: dayTwo, policyVersion: 4, notCounted: [] },
      });
  });

  it('R25: is not while its ring is frozen, and says so', () => {
    const freeze = {
      from: '2026-11-22T00:00',
      to: '2026-11-30T00:00',
      zone: 'UTC',
      reason: 'stock-taking',
      emergencies: 'pass',
    } as const;
    const policy = { ...BUILT_IN_POLICY, freezes: [freeze] };
    given(...verified)
      .when({ ...start, policy })
      .thenNothing();
    const state = fold(changeRequest, verified);
    if (state.status !== 'rolling-out') throw new Error(state.status);
    expect(waitsFor(state, { now: dayTwo, policy, signersNow, halted: [] })).toEqual([
      'the end of the freeze of ring pilot, at 2026-11-30T00:00:00.000Z: stock-taking',
    ]);
  });

  it('is not while its policy asks for a ticket that is not named, or not approved', () => {
    const asks = {
      ...BUILT_IN_POLICY,
      ticket: { system: 'servicedesk', approved: 'before-effect' },
    } as const;
    given(...verified)
      .when({ ...start, policy: asks })
      .thenNothing();
    const state = fold(changeRequest, verified);
    if (state.status !== 'rolling-out') throw new Error(state.status);
    const [waits] = waitsFor(state, { now: dayTwo, policy: asks, signersNow, halted: [] });
    expect(waits).toMatch(
      /^its ticket: .* asks for a ticket of servicedesk.*: recall the rest and ask again/,
    );
    const named = {
      ...state,
      ticket: { system: 'servicedesk', id: 'CHG-1', url: 'https://t.example/CHG-1' },
    };
    expect(waitsFor(named, { now: dayTwo, policy: asks, signersNow, halted: [] })).toEqual([
      'its ticket: ticket CHG-1 of servicedesk is to be approved first',
    ]);
  });

  it('is deferred where it was started, the ring does not have it, and something is halted since; and is then started again', () => {
    const waiting = { ...start, halted: ['ring pilot is halted'] };
    const deferred: ChangeRequestEvent = {
      type: 'StageDeferred',
      data: { stage: 2, ring: 'pilot', waitsFor: ['a resume: ring pilot is halted'] },
    };
    given(...verified, started)
      .when(waiting)
      .then(deferred);
    given(...verified, started)
      .when({ ...waiting, applied: true })
      .thenNothing();
    given(...verified, started, deferred)
      .when(waiting)
      .thenNothing();
    given(...verified, started, deferred)
      .when(start)
      .then(started);
  });

  it('takes effect once it was started, each by an event, and the last makes the plan effective', () => {
    const record = (stage: number, at: string) =>
      ({
        type: 'RecordStage',
        stage,
        policy: `release-policy/${stage === 2 ? 'pilot' : 'production'}`,
        context: { ...worker, at },
      }) as const;
    given(...verified)
      .when(record(2, dayTwo))
      .thenRefused('not-allowed-in-status');
    given(...verified, started)
      .when(record(3, dayTwo))
      .thenRefused('not-allowed-in-status');
    given(...verified, started)
      .when(record(2, dayTwo))
      .then(stageApplied(2));
    given(...verified, started, stageApplied(2))
      .when(record(2, dayTwo))
      .thenNothing();
    given(...beforeLast)
      .when(record(3, dayThree))
      .then(stageApplied(3));
    given(...beforeLast, stageApplied(3))
      .when(record(3, dayThree))
      .thenNothing();
    expect(fold(changeRequest, [...beforeLast, stageApplied(3)])).toMatchObject({
      status: 'effective',
      since: dayThree,
      rollout: {
        inForce: [{ ring: 'canary', verification: found }, { ring: 'pilot' }, { ring: 'production' }],
      },
    });
  });

  it('does not become effective at once, as what is for one ring does', () => {
    given(...startedPlan)
      .when({ type: 'RecordApplied', policy: 'release-policy/canary', context: worker })
      .thenRefused('not-allowed-in-status');
    given(...approvedPlan)
      .when({ type: 'RecordFirstStage', policy: 'release-policy/canary', context: worker })
      .thenRefused('not-allowed-in-status');
    given(...startedPlan)
      .when({ type: 'RecordFirstStage', policy: 'release-policy/canary', context: worker })
      .then(stageApplied(1));
    given(...rollingOut)
      .when({ type: 'RecordFirstStage', policy: 'release-policy/canary', context: worker })
      .thenNothing();
  });
});

describe('R25: verifying a plan in the ring that has it last', () => {
  it('is said once of each ring, by somebody who runs its devices', () => {
    given(...rollingOut)
      .when(verifies)
      .then(stageVerified);
    given(...rollingOut, stageVerified)
      .when(verifies)
      .thenRefused('not-allowed-in-status');
    given(...rollingOut)
      .when({ ...verifies, context: byPerson('Eva', ['qa@pilot']) })
      .thenRefused('not-a-verifier');
    given(...rollingOut, stageVerified, stageStarted(2), stageApplied(2))
      .when({ ...verifies, ring: 'pilot', context: byPerson('Eva', ['qa@pilot']) })
      .then(verifiedPilot);
    given(...rollingOut)
      .when({ ...verifies, context: byPerson('Ana', ['qa']) })
      .thenRefused('author-cannot-verify');
  });

  it('R27: is not closed by who verified it in an earlier ring', () => {
    const history = [
      ...beforeLast,
      stageApplied(3),
      { type: 'ChangeVerified', data: { ...found, by: { id: 'id-of-Gus', name: 'Gus' } } },
    ] as const;
    for (const [name, code] of [
      ['Eva', 'verifier-cannot-close'],
      ['Gus', 'verifier-cannot-close'],
    ] as const)
      given(...history)
        .when({ type: 'CloseChange', context: byPerson(name, ['qa']) })
        .thenRefused(code);
    given(...history)
      .when({ type: 'CloseChange', context: fay })
      .then(closed);
  });

  it('is of the ring that was looked at, and refused once another one has it', () => {
    given(...rollingOut)
      .when({ ...verifies, ring: undefined })
      .thenRefused('invalid-verification');
    for (const command of [verifies, { ...verifies, passed: false }])
      given(...rollingOut, stageVerified, stageStarted(2), stageApplied(2))
        .when(command)
        .thenRefused('not-allowed-in-status');
    const everywhere = [...beforeLast, stageApplied(3)];
    for (const [ring, code] of [
      ['pilot', 'not-allowed-in-status'],
      [undefined, 'invalid-verification'],
    ] as const)
      given(...everywhere)
        .when({ ...verify, ring })
        .thenRefused(code);
    given(...everywhere)
      .when({ ...verify, ring: 'production' })
      .then({ type: 'ChangeVerified', data: found });
  });

  it('ends the plan where it failed, with what was found', () => {
    given(...rollingOut)
      .when({ ...verifies, passed: false })
      .then({ type: 'VerificationFailed', data: found });
    given(...rollingOut, { type: 'VerificationFailed', data: found })
      .when(start)
      .thenNothing();
    expect(fold(changeRequest, [...rollingOut, { type: 'VerificationFailed', data: found }])).toMatchObject({
      status: 'verification-failed',
      rollout: { inForce: [{ ring: 'canary', verification: found }] },
    });
  });

  it('is refused while fewer devices have it than the next ring waits for', () => {
    const [pilot] = stages;
    const asking = (installedPercent: number): ChangeRequestEvent[] => [
      {
        type: 'ChangeDrafted',
        data: {
          ...draftedData,
          stages: [{ ...pilot, ring: 'pilot', soakHours: 24, verified: true, installedPercent }],
        },
      },
    ];
    const history = (percent: number): ChangeRequestEvent[] => {
      const events = [...asking(percent), ...captured.slice(1, 2)];
      const [artefacts] = changeRequest.decide(
        { type: 'ReportCapture', submission: 1, changes: changes, context: worker },
        fold(changeRequest, events),
      );
      if (!artefacts) throw new Error('nothing was captured');
      return [...events, artefacts, ...rollingOut.slice(3)];
    };
    // Two of three.
    given(...history(66))
      .when({ ...verifies, figures: [figures] })
      .then(stageVerified);
    given(...history(67))
      .when({ ...verifies, figures: [figures] })
      .thenRefused('not-enough-installed');
    for (const none of [[], [{ ...figures, offered: 0, installed: 0 }]])
      given(...history(1))
        .when({ ...verifies, figures: none })
        .thenRefused('not-enough-installed');
    given(...history(67))
      .when({ ...verifies, passed: false })
      .then({ type: 'VerificationFailed', data: found });
  });
});

describe('R25: what is to come of a plan', () => {
  const stop = { type: 'StopStages', because: 'policy-moved', mismatches: [], context: worker } as const;

  it('is recalled by its author, or whoever may decide on it or runs the devices of one of its rings', () => {
    const recall = { type: 'RecallStages', context: ana } as const;
    given(...rollingOut)
      .when(recall)
      .then(stopped);
    given(...rollingOut)
      .when({ ...recall, context: byPerson('Olga', ['operator@production']) })
      .then({ type: 'PlanStopped', data: { ...stopped.data, by: { id: 'id-of-Olga', name: 'Olga' } } });
    given(...rollingOut)
      .when({ ...recall, context: byPerson('Aud', ['auditor']) })
      .thenRefused('not-a-recaller');
    given(...rollingOut, stageVerified, stageStarted(2))
      .when(recall)
      .thenRefused('not-allowed-in-status');
    given(...approvedPlan)
      .when(recall)
      .thenRefused('not-allowed-in-status');
  });

  it('is stopped at its latest time, whatever it waits for', () => {
    const expired: ChangeRequestEvent = {
      type: 'PlanStopped',
      data: { stage: 2, ring: 'pilot', because: 'expired', notAfter: window.notAfter, mismatches: [] },
    };
    given(...rollingOut)
      .when({ ...start, context: { ...worker, at: tooLate } })
      .then(expired);
    given(...rollingOut, stageVerified, stageStarted(2))
      .when({ ...start, context: { ...worker, at: tooLate } })
      .then(expired);
    given(...rollingOut, stageVerified, stageStarted(2))
      .when({ ...start, applied: true, context: { ...worker, at: tooLate } })
      .thenNothing();
  });

  it('R38: is stopped at the end of what it holds, whoever waits for the next ring', () => {
    const items = [{ ...item, expiry: { at: dayTwo, action: 'release' } as const }];
    const [, ...rest] = rollingOut;
    given({ type: 'ChangeDrafted', data: { ...draftedData, items } }, ...rest)
      .when(start)
      .then({
        type: 'PlanStopped',
        data: { stage: 2, ring: 'pilot', because: 'expired', notAfter: dayTwo, mismatches: [] },
      });
  });

  it('is stopped where the ring is not as it was approved for, once', () => {
    const moved: ChangeRequestEvent = {
      type: 'PlanStopped',
      data: { stage: 2, ring: 'pilot', because: 'policy-moved', mismatches: [] },
    };
    given(...rollingOut, stageVerified, stageStarted(2))
      .when(stop)
      .then(moved);
    given(...rollingOut, moved)
      .when(stop)
      .thenNothing();
  });

  it('leaves in force what is', () =>
    expect(fold(changeRequest, [...rollingOut, stopped])).toMatchObject({
      status: 'stopped',
      because: 'recalled',
      rollout: { inForce: [{ ring: 'canary', at: ana.at }] },
      author,
    }));
});
