import { describe, expect, it } from 'vitest';
import { fold, type LinkedAccounts } from '#kernel';
import { byPerson, specify } from '#test/support/decider-specification';
import { BUILT_IN_POLICY, type ApprovalPolicy } from '../approval-policy/approval-policy.js';
import { outOfReach } from '../approval-policy/out-of-reach.js';
import type { SignerNow } from '../signature.js';
import { changeRequest } from './change-request.js';
import type { ApproveChange, StartChange } from './commands.js';
import type { ChangeRequestEvent } from './events.js';
import * as plan from './testing/one-plan.js';
import {
  ana,
  approval,
  approve,
  approved,
  captured,
  drafted,
  draftedForNight,
  signatureBy,
  submitted,
  worker,
} from './testing/one-request.js';
import { waitedFor } from './waited-for.js';
import { waitsFor } from './stages.js';

/** It is found that two accounts are one person's, after both did their part. */

const { given } = specify(changeRequest);

const two: ApprovalPolicy = {
  ...BUILT_IN_POLICY,
  version: 3,
  default: { approvals: 2, roles: {}, order: 'any' },
};
const one = (account: string, other: string): LinkedAccounts =>
  new Map([[`id-of-${account}`, `id-of-${other}`]]);
const anaIsBen = one('Ben', 'Ana');
const cydIsBen = one('Cyd', 'Ben');
const now = (...names: string[]) =>
  new Map<string, SignerNow>(names.map((name) => [`id-of-${name}`, { roles: ['approver'], resets: 0 }]));

const request = [drafted, submitted, captured];
const signedBy = (name: string): ChangeRequestEvent => ({
  type: 'ApprovalSigned',
  data: {
    ...approval,
    signature: signatureBy(name, 'approved'),
    policyVersion: 3,
    missing: ['1 more signature'],
  },
});
const completedBy = (name: string, notCounted: readonly string[] = []): ChangeRequestEvent => ({
  type: 'ChangeApproved',
  data: { ...approval, signature: signatureBy(name, 'approved'), policyVersion: 3, notCounted },
});
const approveAs = (name: string, linked: LinkedAccounts, ...before: string[]): ApproveChange => ({
  ...approve,
  signature: signatureBy(name, 'approved'),
  policy: two,
  signersNow: now(...before),
  context: { ...byPerson(name, ['approver'], { auth: 'password' }), linked },
});

describe('R27: a request in review', () => {
  it('takes no second signature of one person, in whichever account', () =>
    given(...request, signedBy('Ben'))
      .when(approveAs('Cyd', cydIsBen, 'Ben'))
      .thenRefused('already-signed'));

  it('counts two that were made before once, and says whose does not count', () =>
    given(...request, signedBy('Ben'), signedBy('Cyd'))
      .when(approveAs('Eva', cydIsBen, 'Ben', 'Cyd'))
      .then(completedBy('Eva', ['id-of-Ben'])));

  it('counts none of its author’s, made with another account', () =>
    given(...request, signedBy('Ben'))
      .when(approveAs('Eva', anaIsBen, 'Ben'))
      .then({
        type: 'ApprovalSigned',
        data: {
          ...approval,
          signature: signatureBy('Eva', 'approved'),
          policyVersion: 3,
          notCounted: ['id-of-Ben'],
          missing: ['1 more signature'],
        },
      }));

  it('counts the one that still counts, where the later one does not any more', () =>
    given(...request, signedBy('Ben'), signedBy('Cyd'))
      .when({
        ...approveAs('Eva', cydIsBen),
        signersNow: new Map([...now('Ben'), ['id-of-Cyd', { roles: [], resets: 0 }]]),
      })
      .then(completedBy('Eva', ['id-of-Cyd'])));

  it('is in the queue of nobody who wrote or signed it with another account', () => {
    const state = fold(changeRequest, [...request, signedBy('Ben')]);
    const queue = (name: string, linked: LinkedAccounts) =>
      waitedFor(state, {
        person: { id: `id-of-${name}`, roles: ['approver'] },
        policy: two,
        signersNow: now('Ben'),
        linked,
        now: ana.at,
      });
    expect(queue('Cyd', new Map())).toBeDefined();
    expect(queue('Cyd', cydIsBen)).toBeUndefined();
    expect(queue('Cyd', one('Cyd', 'Ana'))).toBeUndefined();
  });

  it('is not approved by who wrote it before it was handed over, with another account', () => {
    const handedOver: ChangeRequestEvent = {
      type: 'ChangeHandedOver',
      data: { old: { id: 'id-of-Ana', name: 'Ana' }, new: { id: 'id-of-Fay', name: 'Fay' } },
    };
    const state = fold(changeRequest, [drafted, handedOver, submitted, captured]);
    expect(() => changeRequest.decide(approveAs('Ben', anaIsBen), state)).toThrow(
      expect.objectContaining({ code: 'author-cannot-approve' }),
    );
  });
});

const start = (linked: LinkedAccounts, policy = two): StartChange => ({
  type: 'StartChange',
  policy,
  applied: false,
  context: { ...worker, linked },
});
const started: ChangeRequestEvent = { type: 'ChangeStarted', data: { at: ana.at } };

describe('R27: an approved request that is not in force yet', () => {
  const both = [...request, signedBy('Ben'), completedBy('Cyd')];

  it('waits for signatures again where one person signed as two', () =>
    given(...both)
      .when(start(cydIsBen))
      .then({
        type: 'ApprovalVoided',
        data: { from: 'approved', missing: ['1 more signature'], notCounted: ['id-of-Ben'] },
      }));

  it('waits for signatures again where its author approved it', () =>
    given(...request, completedBy('Ben'))
      .when(start(anaIsBen, BUILT_IN_POLICY))
      .then({
        type: 'ApprovalVoided',
        data: {
          from: 'approved',
          missing: ['1 more signature, 1 with the role approver'],
          notCounted: ['id-of-Ben'],
        },
      }));

  it('is looked at as well where it waits for its time', () =>
    given(draftedForNight, submitted, captured, completedBy('Ben'))
      .when(start(anaIsBen, BUILT_IN_POLICY))
      .then({
        type: 'ApprovalVoided',
        data: {
          from: 'scheduled',
          missing: ['1 more signature, 1 with the role approver'],
          notCounted: ['id-of-Ben'],
        },
      }));

  it('is approved by somebody else then', () => {
    const voided = changeRequest.decide(start(cydIsBen), fold(changeRequest, both));
    given(...both, ...voided)
      .when(approveAs('Eva', cydIsBen, 'Ben', 'Cyd'))
      .then(completedBy('Eva', ['id-of-Ben']));
  });

  it('begins where enough others signed, or the two are others’', () => {
    const three = [...request, signedBy('Ben'), signedBy('Cyd'), completedBy('Eva')];
    given(...three)
      .when(start(cydIsBen))
      .then(started);
    given(...both)
      .when(start(one('Fay', 'Eva')))
      .then(started);
  });

  it('begins though roles or the policy changed since, which its approval outlasts', () => {
    const stricter: ApprovalPolicy = { ...two, default: { approvals: 3, roles: {}, order: 'any' } };
    given(...both)
      .when(start(one('Fay', 'Eva'), stricter))
      .then(started);
  });

  it('of an older release, whose signature names no roles, is looked at too', () => {
    const { roles: _, ...old } = approval;
    const state = fold(changeRequest, [...request, approved]);
    if (state.status !== 'approved') throw new Error(state.status);
    const known = { ...state, signatures: [{ ...old.signature }] };
    expect(changeRequest.decide(start(anaIsBen, BUILT_IN_POLICY), known)).toMatchObject([
      { type: 'ApprovalVoided' },
    ]);
  });
});

it('R27: a plan goes on into no ring by the signature of its author’s other account', () => {
  const state = fold(changeRequest, [...plan.rollingOut, plan.stageVerified]);
  if (state.status !== 'rolling-out') throw new Error(state.status);
  const facts = { now: plan.dayTwo, policy: BUILT_IN_POLICY, signersNow: plan.signersNow, halted: [] };
  expect(waitsFor(state, facts)).toEqual([]);
  expect(waitsFor(state, { ...facts, linked: anaIsBen })).toEqual([
    '1 more signature, 1 with the role approver, in ring pilot',
  ]);
  const context = { ...plan.start.context, linked: anaIsBen };
  expect(changeRequest.decide({ ...plan.start, context }, state)).toEqual([]);
});

it('R26, R27: a policy is not met by two accounts of one person', () => {
  const people = [
    { id: 'id-of-Ana', roles: ['author'] },
    { id: 'id-of-Ben', roles: ['approver'] },
    { id: 'id-of-Cyd', roles: ['approver'] },
  ];
  expect(outOfReach(two, 'default', people)).toEqual([]);
  expect(outOfReach(two, 'default', people, cydIsBen)).not.toEqual([]);
  expect(outOfReach(two, 'default', people, anaIsBen)).not.toEqual([]);
});
