import { describe, expect, it } from 'vitest';
import { fold } from '#kernel';
import { byWorker, specify } from '#test/support/decider-specification';
import type { MembersChange } from '../change-request/events.js';
import { ruleName, type MembershipRule } from '../membership/rule.js';
import type { ReleasePolicyEvent } from './events.js';
import { releasePolicy, type ApplyChange } from './release-policy.js';

const { given } = specify(releasePolicy);

const one: MembershipRule = { of: 'serial', brand: 'acme', model: 'gateway', serial: '0001' };
const lab = (version: number): MembershipRule => ({
  of: 'list',
  list: 'lab',
  version,
  digest: String(version).repeat(64),
  count: 2,
});
const change = (old: MembershipRule | null, now: MembershipRule | null): MembersChange => ({
  kind: 'members',
  name: ruleName(now ?? old ?? one),
  old,
  new: now,
});
const apply = (changeRequest: string, ...changes: MembersChange[]): ApplyChange => ({
  type: 'ApplyChange',
  changeRequest,
  changes,
  context: byWorker(`change-request/${changeRequest}`),
});
const set = (changeRequest: string, old: MembershipRule | null, now: MembershipRule): ReleasePolicyEvent => ({
  type: 'MembershipRuleSet',
  data: { name: ruleName(now), old, new: now, changeRequest },
});

describe("a ring's members", () => {
  it('are set by rules, all of a request at once', () =>
    given()
      .when(apply('CR-1', change(null, one), change(null, lab(1))))
      .then(set('CR-1', null, one), set('CR-1', null, lab(1))));

  it('of a list are those of the version that was approved, until another is', () => {
    given(set('CR-1', null, lab(1)))
      .when(apply('CR-2', change(lab(1), lab(2))))
      .then(set('CR-2', lab(1), lab(2)));
    given(set('CR-1', null, lab(2)))
      .when(apply('CR-2', change(lab(1), lab(3))))
      .thenRefused('expected-value-differs');
  });

  it('are members no longer once their rule is removed', () => {
    const removed: ReleasePolicyEvent = {
      type: 'MembershipRuleRemoved',
      data: { name: 'serial acme/gateway/0001', old: one, new: null, changeRequest: 'CR-2' },
    };
    given(set('CR-1', null, one))
      .when(apply('CR-2', change(one, null)))
      .then(removed);
    expect(fold(releasePolicy, [set('CR-1', null, one), removed]).members.size).toBe(0);
    given(set('CR-1', null, one), removed)
      .when(apply('CR-3', change(one, null)))
      .thenRefused('expected-value-differs');
  });

  it('that are members by the same rule already are left as they are', () =>
    given(set('CR-1', null, one))
      .when(apply('CR-2', change(one, one)))
      .thenNothing());
});
