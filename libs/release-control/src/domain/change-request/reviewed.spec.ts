import { describe, expect, it } from 'vitest';
import { fold, type LinkedAccounts } from '#kernel';
import { byPerson, specify } from '#test/support/decider-specification';
import {
  BUILT_IN_POLICY,
  ratificationRules,
  type ApprovalPolicy,
  type ReviewRule,
} from '../approval-policy/approval-policy.js';
import type { SignerNow } from '../signature.js';
import { changeRequest } from './change-request.js';
import type { ApproveChange, ReviewChange } from './commands.js';
import type { ChangeRequestEvent } from './events.js';
import type { ReviewStage } from './plan-commands.js';
import { waitsFor } from './stages.js';
import * as plan from './testing/one-plan.js';
import {
  ana,
  approval,
  approve,
  captured,
  change,
  drafted,
  draftedForNight,
  item,
  signatureBy,
  submitted,
  worker,
} from './testing/one-request.js';
import { waitedFor } from './waited-for.js';

const { given } = specify(changeRequest);

const byQa: ReviewRule = { persons: 1, roles: { qa: 1 }, order: 'any' };
const asking = (reviews: ReviewRule, approvals = 1): ApprovalPolicy => ({
  ...BUILT_IN_POLICY,
  version: 3,
  default: { approvals, roles: {}, order: 'any', reviews },
});
const policy = asking(byQa);
type Holds = Readonly<Record<string, readonly string[]>>;
const now = (holds: Holds) =>
  new Map<string, SignerNow>(
    Object.entries(holds).map(([name, roles]) => [`id-of-${name}`, { roles, resets: 0 }]),
  );

/** @param linked which accounts are one person's */
function signs(
  name: string,
  {
    roles = ['approver'],
    by = {},
    under = policy,
    linked = new Map(),
  }: {
    readonly roles?: readonly string[];
    readonly by?: Holds;
    readonly under?: ApprovalPolicy;
    readonly linked?: LinkedAccounts;
  } = {},
): ApproveChange {
  return {
    ...approve,
    signature: signatureBy(name, 'approved'),
    policy: under,
    signersNow: now(by),
    context: { ...byPerson(name, roles, { auth: 'password' }), linked },
  };
}
const reviews = (name: string, options: Parameters<typeof signs>[1] = {}): ReviewChange => ({
  ...signs(name, { roles: ['qa'], ...options }),
  type: 'ReviewChange',
  signature: signatureBy(name, 'reviewed'),
});
const reviewedBy = (name: string, missing: readonly string[], roles = ['qa']): ChangeRequestEvent => ({
  type: 'ChangeReviewed',
  data: { signature: signatureBy(name, 'reviewed'), policyVersion: 3, roles, missing, notCounted: [] },
});
const approvedBy = (name: string, roles = ['approver']) =>
  ({
    type: 'ChangeApproved',
    data: { ...approval, signature: signatureBy(name, 'approved'), policyVersion: 3, roles },
  }) as const;

const request = [drafted, submitted, captured];
const reviewed = reviewedBy('Cyd', ['1 more signature']);
const cyd = { Cyd: ['qa'] };

describe('R17, R26: a rule that asks for reviews', () => {
  it('takes them before approvals, and no review completes anything', () => {
    given(...request)
      .when(reviews('Cyd'))
      .then(reviewed);
    given(...request, reviewed)
      .when(signs('Ben', { by: cyd }))
      .then(approvedBy('Ben'));
    expect(fold(changeRequest, [...request, reviewed])).toMatchObject({
      status: 'in-review',
      signatures: [{ meaning: 'reviewed', policyVersion: 3, roles: ['qa'] }],
    });
  });

  it('takes no approval before, in whichever role', () => {
    for (const roles of [['approver'], ['qa']])
      given(...request)
        .when(signs('Ben', { roles }))
        .thenRefused('signature-not-needed');
  });

  it('asks for the role that it names, and for as many persons', () => {
    given(...request)
      .when(reviews('Cyd', { roles: ['approver'] }))
      .thenRefused('signature-not-needed');
    const two = asking({ persons: 2, roles: { qa: 1 }, order: 'any' });
    given(...request)
      .when(reviews('Cyd', { under: two }))
      .then(reviewedBy('Cyd', ['1 more review, and then 1 more signature']));
    given(...request, reviewed)
      .when(signs('Ben', { under: two, by: cyd }))
      .thenRefused('signature-not-needed');
  });

  it('takes them in order, where it has one', () => {
    const under = asking({ persons: 2, roles: {}, order: ['approver', 'qa'] });
    given(...request)
      .when(reviews('Cyd', { under }))
      .thenRefused('signature-not-needed');
    given(...request)
      .when(reviews('Dan', { under, roles: ['approver'] }))
      .then(reviewedBy('Dan', ['the next review with the role qa, and then 1 more signature'], ['approver']));
  });

  it('takes none where none is asked for, and none twice', () => {
    given(...request)
      .when(reviews('Cyd', { under: BUILT_IN_POLICY }))
      .thenRefused('signature-not-needed');
    given(...request, reviewed)
      .when(reviews('Cyd', { by: cyd }))
      .thenRefused('already-signed');
  });

  it('never takes what was signed as the one for the other', () => {
    given(...request)
      .when({ ...reviews('Cyd'), signature: signatureBy('Cyd', 'approved') })
      .thenRefused('signature-required');
    given(...request, reviewed)
      .when({ ...signs('Ben', { by: cyd }), signature: signatureBy('Ben', 'reviewed') })
      .thenRefused('signature-required');
  });

  it('R25: is void by a revision, and made again', () => {
    const revised: ChangeRequestEvent = {
      type: 'ChangeRevised',
      data: { revision: 2, from: 'in-review', reason: ana.reason, items: [{ ...item, version: '2' }] },
    };
    const state = fold(changeRequest, [...request, reviewed, revised]);
    expect(state).toMatchObject({ status: 'drafted', earlier: [{ signatures: [{ meaning: 'reviewed' }] }] });
    expect(state).not.toHaveProperty('signatures');
  });

  it('has what was approved wait for it anew, where its signer lost the role', () => {
    const two = asking(byQa, 2);
    const approvedOnce: ChangeRequestEvent = {
      type: 'ApprovalSigned',
      data: { ...approvedBy('Ben').data, missing: ['1 more signature'] },
    };
    const lost = { Cyd: ['operator'], Ben: ['approver'] };
    given(...request, reviewed, approvedOnce)
      .when(signs('Eva', { under: two, by: lost }))
      .thenRefused('signature-not-needed');
  });

  it('is nothing that a release in an emergency is ratified by', () =>
    expect(ratificationRules(policy, [change])).toEqual([
      { kinds: ['override'], rule: { approvals: 2, roles: {}, order: 'any' } },
    ]));
});

describe('R27: who reviews a change', () => {
  it('is not its author, and holds a role that signs', () => {
    given(...request)
      .when(reviews('Ana', { roles: ['author', 'qa'] }))
      .thenRefused('author-cannot-approve');
    given(...request)
      .when(reviews('Cyd', { roles: ['operator'] }))
      .thenRefused('not-an-approver');
    given(...request)
      .when(reviews('Cyd', { roles: ['qa', 'admin'] }))
      .thenRefused('not-an-approver');
  });

  it('does not approve it, nor the other way round, in whichever account', () => {
    const both = { Cyd: ['approver', 'qa'] };
    given(...request, reviewed)
      .when(signs('Cyd', { roles: ['approver', 'qa'], by: both }))
      .thenRefused('reviewer-cannot-approve');
    const danIsCyd: LinkedAccounts = new Map([['id-of-Dan', 'id-of-Cyd']]);
    given(...request, reviewed)
      .when(signs('Dan', { by: cyd, linked: danIsCyd }))
      .thenRefused('reviewer-cannot-approve');
    const signed = {
      type: 'ApprovalSigned',
      data: { ...approvedBy('Cyd').data, missing: [] },
    } as const;
    given(...request, signed)
      .when(reviews('Cyd', { by: cyd }))
      .thenRefused('reviewer-cannot-approve');
    // Found to be one person after both: they do neither.
    for (const again of [signs, reviews])
      given(...request, reviewed, {
        ...signed,
        data: { ...signed.data, signature: signatureBy('Dan', 'approved') },
      })
        .when(again('Dan', { by: { ...cyd, Dan: ['approver'] }, linked: danIsCyd }))
        .thenRefused('reviewer-cannot-approve');
  });

  it('is found to be who approved it before it took effect: it is in review again', () => {
    const history = [draftedForNight, submitted, captured, reviewed, approvedBy('Ben')];
    const context = { ...worker, linked: new Map([['id-of-Ben', 'id-of-Cyd']]) };
    given(...history)
      .when({ type: 'StartChange', policy, applied: false, context })
      .then({
        type: 'ApprovalVoided',
        data: {
          from: 'scheduled',
          missing: ['1 more review, 1 with the role qa, and then 1 more signature'],
          notCounted: ['id-of-Cyd'],
        },
      });
  });

  it('may reject it', () =>
    given(...request, reviewed)
      .when({
        ...signs('Cyd', { roles: ['qa'] }),
        type: 'RejectChange',
        signature: signatureBy('Cyd', 'rejected'),
      })
      .then({
        type: 'ChangeRejected',
        data: { signature: signatureBy('Cyd', 'rejected'), policyVersion: 3, roles: ['qa'] },
      }));
});

describe('R27: the signing queue', () => {
  const asked = (name: string, roles: readonly string[], ...history: ChangeRequestEvent[]) =>
    waitedFor(fold(changeRequest, [...request, ...history]), {
      person: { id: `id-of-${name}`, roles },
      policy,
      signersNow: now(cyd),
      now: ana.at,
    });

  it('asks for the review first, and then for the approval, of who can give it', () => {
    const missing = ['1 more review, 1 with the role qa, and then 1 more signature'];
    expect(asked('Cyd', ['qa'])).toMatchObject({ kind: 'review', missing });
    expect(asked('Ben', ['approver'])).toBeUndefined();
    expect(asked('Ana', ['author', 'qa'])).toBeUndefined();
    expect(asked('Ben', ['approver'], reviewed)).toMatchObject({ kind: 'approval' });
    expect(asked('Cyd', ['qa', 'approver'], reviewed)).toBeUndefined();
  });
});

describe('R26: a plan whose later ring asks for a review', () => {
  const production = { ...asking(byQa), default: { ...BUILT_IN_POLICY.default, reviews: byQa } };
  const signature = { ...signatureBy('Cyd', 'reviewed'), recordDigest: plan.recordDigest };
  const review: ReviewStage = {
    type: 'ReviewStage',
    signature,
    policy: BUILT_IN_POLICY,
    stagePolicies: [BUILT_IN_POLICY, production],
    signersNow: plan.signersNow,
    context: byPerson('Cyd', ['qa'], { auth: 'password' }),
  };
  const event: ChangeRequestEvent = {
    type: 'StageReviewed',
    data: {
      signature,
      policyVersion: 0,
      roles: ['qa'],
      stages: [
        { ring: 'pilot', policyVersion: 0, roles: ['qa'] },
        { ring: 'production', policyVersion: 3, roles: ['qa'] },
      ],
    },
  };

  it('takes it after the first ring’s signatures are complete, and asks for an approval after it', () => {
    for (const history of [plan.approvedPlan, plan.rollingOut])
      given(...history)
        .when(review)
        .then(event);
    const inPilot = [...plan.rollingOut, plan.stageVerified, plan.stageStarted(2), plan.stageApplied(2)];
    const needs = (history: readonly ChangeRequestEvent[]) => {
      const state = fold(changeRequest, history);
      if (state.status !== 'rolling-out') throw new Error('it is rolling out');
      const signersNow = new Map([...plan.signersNow, ...now(cyd)]);
      return waitsFor(state, { now: plan.tooLate, policy: production, signersNow, halted: [] });
    };
    expect(needs(inPilot)).toEqual([
      '1 more review, 1 with the role qa, and then 1 more signature, 1 with the role approver, in ring production',
    ]);
    expect(needs([...inPilot, event])).toEqual([
      '1 more signature, 1 with the role approver, in ring production',
    ]);
  });

  it('takes none where no ring asks for one', () =>
    given(...plan.rollingOut)
      .when({ ...review, stagePolicies: [BUILT_IN_POLICY, BUILT_IN_POLICY] })
      .thenRefused('signature-not-needed'));
});
