import { describe, expect, it } from 'vitest';
import { fold } from '#kernel';
import { BUILT_IN_POLICY } from '../approval-policy/approval-policy.js';
import { changeRequest } from './change-request.js';
import type { ChangeRequestCommand } from './commands.js';
import type { ChangeRequestEvent } from './events.js';
import { LIFE_CYCLE, nextSteps, type LifeCycleCommand } from './life-cycle.js';
import type { ChangeRequestStatus } from './state.js';
import {
  ana,
  applied,
  approve,
  approved,
  captured,
  closed,
  draft,
  drafted,
  eva,
  failed,
  refused,
  rejected,
  released,
  report,
  signatureBy,
  signed,
  stale,
  submitted,
  verified,
  verify,
  withdrawn,
  worker,
} from './testing/one-request.js';

describe('R25: the transition table', () => {
  const histories: Record<ChangeRequestStatus, ChangeRequestEvent[]> = {
    none: [],
    drafted: [drafted],
    submitted: [drafted, submitted],
    'capture-refused': [drafted, submitted, refused],
    captured: [drafted, submitted, captured],
    'in-review': [drafted, submitted, captured, signed],
    approved: [drafted, submitted, captured, approved],
    released: [drafted, submitted, captured, released],
    rejected: [drafted, submitted, captured, rejected],
    withdrawn: [drafted, submitted, captured, withdrawn],
    stale: [drafted, submitted, captured, approved, stale],
    effective: [drafted, submitted, captured, approved, applied],
    verified: [drafted, submitted, captured, approved, applied, verified],
    'verification-failed': [drafted, submitted, captured, approved, applied, failed],
    closed: [drafted, submitted, captured, approved, applied, verified, closed],
  };
  const commands: (ChangeRequestCommand & { readonly type: LifeCycleCommand })[] = [
    draft,
    { type: 'SubmitChange', context: ana },
    report,
    { type: 'RefuseCapture', submission: 1, failures: [], untried: 0, context: worker },
    { ...approve, signersNow: new Map([['id-of-Eva', { roles: ['approver'], resets: 0 }]]) },
    { ...approve, type: 'RejectChange', signature: signatureBy('Ben', 'rejected') },
    {
      ...approve,
      type: 'ReleaseEmergency',
      login: 'ben',
      policy: { ...BUILT_IN_POLICY, emergency: { onCall: ['ben'], snaps: 'all', ratifyWithinHours: 12 } },
      signature: signatureBy('Ben', 'released'),
    },
    { type: 'WithdrawChange', context: ana },
    { type: 'MarkStale', mismatches: [], context: worker },
    { type: 'RecordApplied', policy: 'release-policy/default', context: worker },
    verify,
    { ...verify, passed: false },
    { type: 'CloseChange', context: eva },
  ];

  it('is this, and no other', () => {
    const table = Object.entries(histories).map(([status, history]) => {
      const state = fold(changeRequest, history);
      expect(state.status).toBe(status);
      const reached = commands.flatMap((command) => {
        try {
          const next = changeRequest.decide(command, state).reduce(changeRequest.evolve, state);
          return next.status === state.status ? [] : [`${command.type} → ${next.status}`];
        } catch {
          return [];
        }
      });
      return `${status}: ${reached.join(', ') || '-'}`;
    });
    expect(table).toEqual([
      'none: DraftChange → drafted',
      'drafted: SubmitChange → submitted, WithdrawChange → withdrawn',
      'submitted: ReportCapture → captured, RefuseCapture → capture-refused, WithdrawChange → withdrawn',
      'capture-refused: SubmitChange → submitted, WithdrawChange → withdrawn',
      'captured: ApproveChange → approved, RejectChange → rejected, ReleaseEmergency → released, WithdrawChange → withdrawn',
      'in-review: ApproveChange → approved, RejectChange → rejected, ReleaseEmergency → released, WithdrawChange → withdrawn',
      'approved: MarkStale → stale, RecordApplied → effective',
      'released: MarkStale → stale, RecordApplied → effective',
      'rejected: -',
      'withdrawn: -',
      'stale: -',
      'effective: VerifyChange → verified, VerifyChange → verification-failed',
      'verified: CloseChange → closed',
      'verification-failed: -',
      'closed: -',
    ]);
  });

  it('is the one that the deciders ask and the diagram is drawn from', () => {
    const seen = Object.entries(histories).flatMap(([, history]) => {
      const state = fold(changeRequest, history);
      return [...commands, { ...draft, submit: true }].flatMap((command) => {
        try {
          const next = changeRequest.decide(command, state).reduce(changeRequest.evolve, state);
          const moved = next.status !== state.status;
          return moved ? [{ type: command.type, from: state.status, to: next.status }] : [];
        } catch {
          return [];
        }
      });
    });
    for (const { type, from, to } of seen) {
      expect(LIFE_CYCLE[type].from, `${type} from ${from}`).toContain(from);
      expect(LIFE_CYCLE[type].to, `${type} to ${to}`).toContain(to);
    }
    for (const [type, { from }] of Object.entries(LIFE_CYCLE))
      for (const status of from)
        expect(
          seen.some((step) => step.type === type && step.from === status),
          `${type} from ${status}`,
        ).toBe(true);
  });

  it('says what can be done when something cannot', () => {
    expect(() => changeRequest.decide(approve, fold(changeRequest, histories.effective))).toThrow(
      'ApproveChange is not allowed: CR-2026-0001 is effective, it would have to be captured or in-review; what can be done with it: verify',
    );
    expect(() => changeRequest.decide(approve, fold(changeRequest, histories.closed))).toThrow(
      /its life is over/,
    );
    expect(nextSteps('approved')).toEqual(['policy moved (the worker does)', 'apply (the worker does)']);
  });

  it('refuses a history that could not have been decided', () => {
    expect(() => fold(changeRequest, [drafted, approved])).toThrow(/cannot have become this/);
  });
});
