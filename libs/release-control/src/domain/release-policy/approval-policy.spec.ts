import { describe, expect, it } from 'vitest';
import { fold } from '#kernel';
import { byWorker, specify } from '#test/support/decider-specification';
import { BUILT_IN_POLICY, rulesOf, type ApprovalRules } from '../approval-policy/approval-policy.js';
import type { ReleasePolicyEvent } from './events.js';
import { releasePolicy, type ApplyChange } from './release-policy.js';

const { given } = specify(releasePolicy);

const one = rulesOf(BUILT_IN_POLICY);
const two: ApprovalRules = {
  default: { approvals: 2, roles: { approver: 1, qa: 1 }, order: ['approver', 'qa'] },
  kinds: {},
};
/** The same, said in another order. */
const again: ApprovalRules = {
  kinds: {},
  default: { order: ['approver', 'qa'], roles: { qa: 1, approver: 1 }, approvals: 2 },
};
const apply = (changeRequest: string, old: ApprovalRules, to: ApprovalRules): ApplyChange => ({
  type: 'ApplyChange',
  changeRequest,
  changes: [{ kind: 'approval-policy', old, new: to }],
  context: byWorker(`change-request/${changeRequest}`),
});
const set = (
  changeRequest: string,
  version: number,
  old: ApprovalRules,
  to: ApprovalRules,
): ReleasePolicyEvent => ({ type: 'ApprovalPolicySet', data: { old, new: to, version, changeRequest } });

describe('R26: the approval policy of a ring', () => {
  it('asks for one approver until another is set', () => {
    given()
      .when(apply('CR-1', one, two))
      .then(set('CR-1', 1, one, two));
    expect(fold(releasePolicy, []).approval).toEqual(BUILT_IN_POLICY);
  });
  it('counts its versions, and names the request that set it', () => {
    given(set('CR-1', 1, one, two))
      .when(apply('CR-2', again, one))
      .then(set('CR-2', 2, again, one));
    expect(fold(releasePolicy, [set('CR-1', 1, one, two)]).approval).toEqual({
      ...two,
      version: 1,
      changeRequest: 'CR-1',
    });
  });
  it('that is as wanted already changes nothing', () =>
    given(set('CR-1', 1, one, two))
      .when(apply('CR-2', two, again))
      .thenNothing());
  it('is not changed from another than was approved against', () =>
    given(set('CR-1', 1, one, two))
      .when(apply('CR-2', one, two))
      .thenRefused('expected-value-differs'));
});
