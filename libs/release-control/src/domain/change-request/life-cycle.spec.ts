import { describe, expect, it } from 'vitest';
import { fold } from '#kernel';
import { BUILT_IN_POLICY } from '../approval-policy/approval-policy.js';
import { changeRequest } from './change-request.js';
import type { ChangeRequestCommand } from './commands.js';
import type { ChangeRequestEvent } from './events.js';
import { LIFE_CYCLE, nextSteps } from './life-cycle.js';
import { isUnderWay, STATUSES, type ChangeRequestStatus } from './state.js';
import {
  ana,
  applied,
  approval,
  approve,
  approved,
  captured,
  change,
  closed,
  dayAfter,
  draft,
  drafted,
  draftedForNight,
  draftedWithTicket,
  fay,
  expired,
  failed,
  item,
  night,
  recalled,
  refused,
  rejected,
  released,
  report,
  signatureBy,
  signed,
  stale,
  started,
  submitted,
  ticketReport,
  verified,
  verify,
  withdrawn,
  worker,
} from './testing/one-request.js';
import * as plan from './testing/one-plan.js';
import * as standard from './testing/a-standard-change.js';

const threeAsked = { ...BUILT_IN_POLICY, default: { approvals: 3, roles: {}, order: 'any' } } as const;
const frozen = {
  ...BUILT_IN_POLICY,
  freezes: [
    {
      from: '2026-11-22T00:00',
      to: '2026-11-30T00:00',
      zone: 'UTC',
      reason: 'stock-taking',
      emergencies: 'pass',
    },
  ],
} as const;
const signersNow = new Map([['id-of-Eva', { roles: ['approver'], resets: 0 }]]);
const approvedInTheNight: ChangeRequestEvent = {
  type: 'ChangeApproved',
  data: { ...approval, signature: { ...approval.signature, signedAt: night.notBefore } },
};
const open = [drafted, submitted, captured];
const scheduled = [draftedForNight, submitted, captured, approved];
const effective = [...open, approved, started, applied];

/** Ways to each status: all that differ in what may follow. */
const histories: Record<ChangeRequestStatus, ChangeRequestEvent[][]> = {
  none: [[]],
  drafted: [[drafted], [draftedForNight], [standard.drafted]],
  submitted: [
    [drafted, submitted],
    [draftedForNight, submitted],
    [standard.drafted, standard.signed, standard.submitted],
    [standard.draftedForNight, standard.signed, standard.submitted],
  ],
  'capture-refused': [
    [drafted, submitted, refused],
    [draftedForNight, submitted, refused],
    [standard.drafted, standard.signed, standard.submitted, refused],
  ],
  captured: [open, [draftedForNight, submitted, captured]],
  'in-review': [
    [...open, signed],
    [draftedForNight, submitted, captured, signed],
  ],
  approved: [
    [...open, approved],
    [...open, approved, started],
    [draftedWithTicket, submitted, captured, approved],
    [...scheduled, started],
    [draftedForNight, submitted, captured, approvedInTheNight],
    plan.approvedPlan,
    plan.startedPlan,
    [...standard.begun],
  ],
  scheduled: [
    scheduled,
    [
      { type: 'ChangeDrafted', data: { ...draftedWithTicket.data, window: night } },
      submitted,
      captured,
      approved,
    ],
  ],
  released: [[...open, released]],
  rejected: [[...open, rejected]],
  withdrawn: [[...open, withdrawn]],
  expired: [[...scheduled, expired]],
  recalled: [[...open, approved, recalled]],
  stale: [[...open, approved, started, stale]],
  superseded: [[...open, { type: 'ChangeSuperseded', data: { from: 'captured', by: 'CR-2026-0002' } }]],
  'rolling-out': [
    plan.rollingOut,
    [...plan.rollingOut, plan.stageVerified],
    [...plan.rollingOut, plan.stageVerified, plan.stageStarted(2)],
    plan.beforeLast,
  ],
  stopped: [[...plan.rollingOut, plan.stopped]],
  effective: [effective, [...plan.beforeLast, plan.stageApplied(3)]],
  verified: [[...effective, verified]],
  'verification-failed': [[...effective, failed]],
  closed: [[...effective, verified, closed]],
};

const commands: ChangeRequestCommand[] = [
  draft,
  { ...draft, submit: true },
  { type: 'SubmitChange', context: ana },
  report,
  { ...report, changes: [{ ...change, old: change.new }] },
  standard.use,
  standard.report,
  standard.reportWithdrawn,
  standard.voided,
  { type: 'RefuseCapture', submission: 1, failures: [], untried: 0, context: worker },
  { ...approve, policy: threeAsked, signersNow },
  { ...approve, signersNow },
  {
    ...approve,
    type: 'ReviewChange',
    policy: {
      ...threeAsked,
      default: { ...threeAsked.default, reviews: { persons: 1, roles: {}, order: 'any' } },
    },
    signersNow,
    signature: signatureBy('Ben', 'reviewed'),
  },
  { ...approve, type: 'RejectChange', signature: signatureBy('Ben', 'rejected') },
  {
    ...approve,
    type: 'ReleaseEmergency',
    policy: {
      ...BUILT_IN_POLICY,
      emergency: { onCall: [{ person: 'id-of-Ben', login: 'ben' }], snaps: 'all', ratifyWithinHours: 12 },
    },
    signature: signatureBy('Ben', 'released'),
  },
  { type: 'WithdrawChange', context: ana },
  { type: 'ReviseChange', applied: false, items: [item], submit: false, context: ana },
  { type: 'ReviseChange', applied: false, items: [item], submit: true, context: ana },
  { type: 'SupersedeChange', by: 'CR-2026-0002', context: worker },
  ...[BUILT_IN_POLICY, frozen].flatMap((policy) =>
    [night.notBefore, dayAfter].map((at): ChangeRequestCommand => {
      return { type: 'StartChange', policy, applied: false, context: { ...worker, at } };
    }),
  ),
  {
    type: 'StartChange',
    policy: BUILT_IN_POLICY,
    applied: false,
    context: { ...worker, linked: new Map([['id-of-Ben', 'id-of-Ana']]) },
  },
  { type: 'ExpireChange', applied: false, context: { ...worker, at: dayAfter } },
  { type: 'RecallChange', context: ana },
  {
    ...ticketReport,
    type: 'ReportTicketState',
    id: 'CR-2026-0001',
    state: 'rejected',
    context: worker,
  },
  { type: 'MarkStale', mismatches: [], context: worker },
  { type: 'RecordApplied', policy: 'release-policy/default', context: worker },
  verify,
  { ...verify, passed: false },
  { type: 'CloseChange', context: fay },
  { type: 'RecordFirstStage', policy: 'release-policy/canary', context: worker },
  plan.start,
  { ...plan.start, context: { ...worker, at: plan.tooLate } },
  { type: 'RecordStage', stage: 2, policy: 'release-policy/pilot', context: worker },
  { type: 'RecordStage', stage: 3, policy: 'release-policy/production', context: worker },
  { ...verify, type: 'VerifyStage', ring: 'canary' },
  { ...verify, type: 'VerifyStage', ring: 'canary', passed: false },
  { type: 'RecallStages', context: ana },
  { type: 'StopStages', because: 'policy-moved', mismatches: [], context: worker },
];

/** Every step that some command takes from some status to another. */
const steps = Object.entries(histories).flatMap(([from, ways]) =>
  ways.flatMap((history) =>
    commands.flatMap((command) => {
      const state = fold(changeRequest, history);
      try {
        const events = changeRequest.decide(command, state);
        if (events.length === 0) return [];
        return [`${from} ${command.type} ${events.reduce(changeRequest.evolve, state).status}`];
      } catch {
        return [];
      }
    }),
  ),
);

describe('R25: the transition table', () => {
  it('has a history for each status', () => {
    for (const [status, ways] of Object.entries(histories))
      for (const history of ways) expect(fold(changeRequest, history).status).toBe(status);
  });

  it('is this, and no other', () => {
    const reached = Object.keys(histories).map((status) => {
      const from = steps.filter((step) => step.startsWith(`${status} `) && !step.endsWith(` ${status}`));
      return from.length === 0 ? `${status} -` : [...new Set(from)].sort().join(', ');
    });
    expect(reached).toEqual([
      'none DraftChange drafted, none DraftChange submitted',
      'drafted ExpireChange expired, drafted ReviseChange submitted, drafted SubmitChange submitted, drafted SupersedeChange superseded, drafted UseTemplate submitted, drafted WithdrawChange withdrawn',
      'submitted ExpireChange expired, submitted RefuseCapture capture-refused, submitted ReportCapture approved, submitted ReportCapture capture-refused, submitted ReportCapture captured, submitted ReportCapture in-review, submitted ReportCapture scheduled, submitted ReviseChange drafted, submitted SupersedeChange superseded, submitted WithdrawChange withdrawn',
      'capture-refused ExpireChange expired, capture-refused ReviseChange drafted, capture-refused ReviseChange submitted, capture-refused SubmitChange submitted, capture-refused SupersedeChange superseded, capture-refused UseTemplate submitted, capture-refused WithdrawChange withdrawn',
      'captured ApproveChange approved, captured ApproveChange in-review, captured ApproveChange scheduled, captured ExpireChange expired, captured RejectChange rejected, captured ReleaseEmergency released, captured ReviewChange in-review, captured ReviseChange drafted, captured ReviseChange submitted, captured SupersedeChange superseded, captured WithdrawChange withdrawn',
      'in-review ApproveChange approved, in-review ApproveChange scheduled, in-review ExpireChange expired, in-review RejectChange rejected, in-review ReleaseEmergency released, in-review ReviseChange drafted, in-review ReviseChange submitted, in-review SupersedeChange superseded, in-review WithdrawChange withdrawn',
      'approved ExpireChange expired, approved MarkStale stale, approved RecallChange recalled, approved RecordApplied effective, approved RecordFirstStage rolling-out, approved ReportTicketState recalled, approved StartChange expired, approved StartChange in-review, approved StartChange scheduled, approved SupersedeChange superseded, approved VoidTemplateUse in-review',
      'scheduled RecallChange recalled, scheduled ReportTicketState recalled, scheduled StartChange approved, scheduled StartChange expired, scheduled StartChange in-review, scheduled SupersedeChange superseded',
      'released MarkStale stale, released RecordApplied effective',
      'rejected ReviseChange drafted, rejected ReviseChange submitted, rejected SupersedeChange superseded',
      'withdrawn -',
      'expired ReviseChange drafted, expired ReviseChange submitted, expired SupersedeChange superseded',
      'recalled ReviseChange drafted, recalled ReviseChange submitted, recalled SupersedeChange superseded',
      'stale ReviseChange drafted, stale ReviseChange submitted, stale SupersedeChange superseded',
      'superseded -',
      'rolling-out RecallStages stopped, rolling-out RecordStage effective, rolling-out StartStage stopped, rolling-out StopStages stopped, rolling-out VerifyStage verification-failed',
      'stopped -',
      'effective VerifyChange verification-failed, effective VerifyChange verified',
      'verified CloseChange closed',
      'verification-failed SupersedeChange superseded',
      'closed -',
    ]);
  });

  it('is the one that the deciders ask, and that the diagram is drawn from', () => {
    const drawn = Object.entries(LIFE_CYCLE).flatMap(([command, { from, to }]) =>
      from.flatMap((start) => to.map((end) => `${start} ${command} ${end}`)),
    );
    expect(steps.filter((step) => !drawn.includes(step))).toEqual([]);
    expect(drawn.filter((step) => !steps.includes(step))).toEqual([]);
  });

  it('says what can be done when something cannot', () => {
    expect(() => changeRequest.decide(approve, fold(changeRequest, effective))).toThrow(
      'ApproveChange is not allowed: CR-2026-0001 is effective, it would have to be captured or in-review; what can be done with it: verify',
    );
    expect(() =>
      changeRequest.decide(approve, fold(changeRequest, [...effective, verified, closed])),
    ).toThrow(/its life is over/);
    expect(nextSteps('approved')).toEqual([
      'successor approved (the worker does)',
      'start (the worker does)',
      'expire (the worker does)',
      'template does not apply any more (the worker does)',
      'recall',
      'ticket turned down (the ticket system does)',
      'policy moved (the worker does)',
      'apply (the worker does)',
      'apply in the first ring (the worker does)',
    ]);
  });

  it('is under way until it came into force, or came to nothing', () =>
    expect(STATUSES.filter(isUnderWay)).toEqual([
      'drafted',
      'submitted',
      'capture-refused',
      'captured',
      'in-review',
      'approved',
      'scheduled',
      'released',
      'rolling-out',
    ]));

  it('refuses a history that could not have been decided', () => {
    expect(() => fold(changeRequest, [drafted, approved])).toThrow(/cannot have become this/);
  });
});
