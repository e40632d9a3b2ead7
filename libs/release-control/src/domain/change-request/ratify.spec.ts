import { describe, expect, it } from 'vitest';
import { fold } from '#kernel';
import { byPerson, specify } from '#test/support/decider-specification';
import { BUILT_IN_POLICY } from '../approval-policy/approval-policy.js';
import { changeRequest } from './change-request.js';
import type { ApproveChange } from './commands.js';
import type { ChangeRequestEvent, ResolvedChange } from './events.js';
import { digestOf } from './record.js';
import { givenOutSince } from './given-out-since.js';
import { isApplied } from './state.js';
import {
  DAN,
  MORE,
  context,
  draft,
  history,
  olga,
  ratifiedBy,
  ratify,
  recordDigest,
  refuse,
  releaseDigest,
  released,
  releasedBy,
  rule,
  signatureBy,
  under,
} from './testing/an-emergency.js';

const { given } = specify(changeRequest);

describe('R27: what comes of an emergency', () => {
  const concerns = ['id-of-Olga', 'id-of-Dan'];
  const halt = { id: 'halt-1', at: olga.at, by: 'Holdfast', why: 'not ratified', concerns };
  const approve = (name: string, digest: string): ApproveChange => ({
    type: 'ApproveChange',
    signature: signatureBy(name, 'approved', digest),
    policy: under(rule),
    signersNow: new Map(),
    context: context(name, ['approver']),
  });
  /** A request that Olga wrote, who is nobody's here: of Ana's. */
  const asked = (change: ResolvedChange) => {
    const mine = { ...draft, author: { id: 'id-of-Ana', name: 'Ana' } };
    const digest = digestOf({ ...mine, submittedAt: olga.at, changes: [change] });
    const events: readonly ChangeRequestEvent[] = [
      { type: 'ChangeDrafted', data: mine },
      { type: 'ChangeSubmitted', data: { submission: 1, at: olga.at } },
      { type: 'ArtefactsCaptured', data: { submission: 1, changes: [change], recordDigest: digest } },
    ];
    return { events, digest };
  };

  it('is not resumed by who wrote or released it', () => {
    const { events, digest } = asked({ kind: 'ring-halt', old: [halt], new: [] });
    for (const name of ['Olga', 'Dan'])
      given(...events)
        .when(approve(name, digest))
        .thenRefused('own-emergency');
    given(...events)
      .when(approve('Ben', digest))
      .then({
        type: 'ChangeApproved',
        data: {
          signature: signatureBy('Ben', 'approved', digest),
          policyVersion: 7,
          roles: ['approver'],
          notCounted: [],
        },
      });
  });

  it('is for nobody who put themself on call', () => {
    const rules = { default: BUILT_IN_POLICY.default, kinds: {} };
    const { events, digest } = asked({
      kind: 'approval-policy',
      old: rules,
      new: { ...rules, emergency: rule },
    });
    given(...events)
      .when(approve('Dan', digest))
      .thenRefused('own-pre-authorisation');
    // Who is on call already may approve that others are.
    const before = asked({
      kind: 'approval-policy',
      old: { ...rules, emergency: { ...rule, onCall: [DAN] } },
      new: { ...rules, emergency: rule },
    });
    expect(
      changeRequest.decide(approve('Dan', before.digest), fold(changeRequest, before.events)),
    ).toMatchObject([{ type: 'ChangeApproved' }]);
  });

  it('is neither verified nor closed by who released it, nor both by one person', () => {
    const byDan = releasedBy(signatureBy('Dan', 'released', recordDigest));
    const applied: ChangeRequestEvent = {
      type: 'ChangeApplied',
      data: { policy: 'release-policy/production' },
    };
    const verify = {
      type: 'VerifyChange',
      policy: BUILT_IN_POLICY,
      passed: true,
      lookedAt: 'devices 1 to 3',
      figures: [],
      context: context('Dan', ['qa']),
    } as const;
    given(...history, byDan, applied)
      .when(verify)
      .thenRefused('author-cannot-verify');
    const verified: ChangeRequestEvent = {
      type: 'ChangeVerified',
      data: {
        by: { id: 'id-of-Cyd', name: 'Cyd' },
        at: olga.at,
        lookedAt: 'devices 1 to 3',
        figures: [],
        figuresLeftOut: 0,
      },
    };
    const refusals = { Dan: 'author-cannot-verify', Cyd: 'verifier-cannot-close' };
    for (const [name, code] of Object.entries(refusals))
      given(...history, byDan, applied, verified)
        .when({ type: 'CloseChange', context: context(name, ['qa']) })
        .thenRefused(code);
  });
});

describe('R26, R27: the ratification of an emergency', () => {
  it('takes two persons, where one would have approved', () => {
    given(...history, released)
      .when(ratify('Ben', ['approver']))
      .then(ratifiedBy('Ben', MORE));
    given(...history, released, ratifiedBy('Ben', MORE))
      .when(ratify('Eva', ['approver'], { Ben: ['approver'] }))
      .then(ratifiedBy('Eva', []));
  });

  it('takes as many as the policy in force asks for, and in their roles', () => {
    const three = under(rule, { default: { approvals: 3, roles: { qa: 1 }, order: 'any' } });
    given(...history, released, ratifiedBy('Ben', MORE))
      .when(ratify('Eva', ['approver'], { Ben: ['approver'] }, three))
      .then(ratifiedBy('Eva', ['1 more signature, 1 with the role qa']));
  });

  it('is nobody’s who released it', () => {
    const byDan = releasedBy(signatureBy('Dan', 'released', recordDigest));
    given(...history, byDan)
      .when(ratify('Dan', ['approver']))
      .thenRefused('releaser-cannot-ratify');
    given(...history, byDan)
      .when(refuse('Dan', ['approver']))
      .thenRefused('releaser-cannot-ratify');
  });

  it('is nobody’s who wrote the request', () =>
    given(...history, released)
      .when(ratify('Olga', ['author', 'approver']))
      .thenRefused('author-cannot-approve'));

  it('is no one person’s, however often they sign', () =>
    given(...history, released, ratifiedBy('Ben', MORE))
      .when(ratify('Ben', ['approver'], { Ben: ['approver'] }))
      .thenRefused('already-signed'));

  it('does not count who lost the role meanwhile, and says so', () =>
    given(...history, released, ratifiedBy('Ben', MORE))
      .when(ratify('Eva', ['approver'], { Ben: ['author'] }))
      .then(ratifiedBy('Eva', MORE, ['id-of-Ben'])));

  it('counts no approval from before the release, and takes no signature over the record alone', () => {
    const signed: ChangeRequestEvent = {
      type: 'ApprovalSigned',
      data: {
        signature: signatureBy('Ben', 'approved', recordDigest),
        policyVersion: 7,
        roles: ['approver'],
        missing: MORE,
        notCounted: [],
      },
    };
    given(...history, signed, released)
      .when(ratify('Eva', ['approver']))
      .then(ratifiedBy('Eva', MORE));
    given(...history, released)
      .when({ ...ratify('Ben', ['approver']), signature: signatureBy('Ben', 'ratified', recordDigest) })
      .thenRefused('record-changed');
  });

  it('goes on while the change is applied', () => {
    const applied: ChangeRequestEvent = {
      type: 'ChangeApplied',
      data: { policy: 'release-policy/production' },
    };
    const state = fold(changeRequest, [
      ...history,
      released,
      ratifiedBy('Ben', MORE),
      applied,
      ratifiedBy('Eva', []),
    ]);
    expect(state).toMatchObject({ status: 'effective', emergency: { ratification: 'ratified' } });
    expect('signatures' in state && state.signatures?.map(({ meaning }) => meaning)).toEqual([
      'released',
      'ratified',
      'ratified',
    ]);
    expect(isApplied(state) && givenOutSince(state)).toBe(signatureBy('Olga', 'released', '').signedAt);
  });

  it('is waited for before the request is closed', () => {
    const applied: ChangeRequestEvent = {
      type: 'ChangeApplied',
      data: { policy: 'release-policy/production' },
    };
    const verified: ChangeRequestEvent = {
      type: 'ChangeVerified',
      data: {
        by: { id: 'id-of-Eva', name: 'Eva' },
        at: olga.at,
        lookedAt: 'devices 1 to 3',
        figures: [],
        figuresLeftOut: 0,
      },
    };
    const close = { type: 'CloseChange', context: byPerson('Cyd', ['qa']) } as const;
    given(...history, released, applied, verified)
      .when(close)
      .thenRefused('not-ratified');
    given(...history, released, applied, verified, ratifiedBy('Ben', MORE), ratifiedBy('Eva', []))
      .when(close)
      .then({ type: 'ChangeClosed', data: { by: { id: 'id-of-Cyd', name: 'Cyd' }, at: close.context.at } });
  });

  it('is refused by one, and then neither given nor refused again', () => {
    const refused: ChangeRequestEvent = {
      type: 'RatificationRefused',
      data: {
        signature: signatureBy('Ben', 'ratification-refused', releaseDigest),
        policyVersion: 7,
        roles: ['approver'],
      },
    };
    given(...history, released)
      .when(refuse('Ben', ['approver']))
      .then(refused);
    for (const again of [ratify('Eva', ['approver']), refuse('Eva', ['approver'])])
      given(...history, released, refused)
        .when(again)
        .thenRefused('not-allowed-in-status');
  });

  it('is of nothing that was approved before, or never took effect', () => {
    given(...history)
      .when(ratify('Ben', ['approver']))
      .thenRefused('not-an-emergency');
    given(...history, released, { type: 'ChangeBecameStale', data: { mismatches: [] } })
      .when(ratify('Ben', ['approver']))
      .thenRefused('not-allowed-in-status');
  });
});
