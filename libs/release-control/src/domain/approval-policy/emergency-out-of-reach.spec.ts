import { expect, it } from 'vitest';
import { BUILT_IN_POLICY, type ApprovalRules } from './approval-policy.js';
import { emergencyOutOfReach } from './emergency-out-of-reach.js';
import type { Candidate } from './out-of-reach.js';

const who = (id: string, ...roles: string[]): Candidate => ({ id, roles });
const [olga, ben, cyd] = [who('olga', 'author', 'approver'), who('ben', 'approver'), who('cyd', 'qa')];
const policy = (...onCall: string[]): ApprovalRules => ({
  ...BUILT_IN_POLICY,
  emergency: {
    onCall: onCall.map((person) => ({ person, login: person })),
    snaps: 'all',
    ratifyWithinHours: 12,
  },
});
const NOBODY_ON_CALL = ['somebody on call who signs in the ring'];

it('R28: an emergency is released by who is on call, and ratified by two others', () => {
  expect(emergencyOutOfReach(policy('olga'), 'pilot', [olga, ben, cyd])).toEqual([]);
  expect(emergencyOutOfReach(BUILT_IN_POLICY, 'pilot', [])).toEqual([]);
});

it.each([
  ['nobody on call is left', policy('dan'), [olga, ben, cyd], NOBODY_ON_CALL],
  ['who is on call signs elsewhere', policy('dan'), [olga, ben, who('dan', 'qa@other')], NOBODY_ON_CALL],
  ['who is on call is an admin', policy('dan'), [olga, ben, who('dan', 'qa', 'admin')], NOBODY_ON_CALL],
  ['nobody asks there', policy('ben'), [ben, cyd], ['somebody with the role author']],
  ['one is left to ratify', policy('olga'), [olga, ben], ['for the ratification 1 more signature']],
  [
    'who wrote it would have to ratify it',
    policy('ben'),
    [olga, ben, cyd],
    ['for the ratification 1 more signature, 1 with the role approver'],
  ],
] as const)('R28: it is out of reach where %s', (_why, rules, people, lacks) =>
  expect(emergencyOutOfReach(rules, 'pilot', people)).toEqual(lacks),
);

it('R28: who ratifies may do so in whatever order the policy has', () => {
  const rule = { approvals: 2, roles: {}, order: ['qa', 'approver'] } as const;
  expect(emergencyOutOfReach({ ...policy('olga'), default: rule }, 'pilot', [olga, ben, cyd])).toEqual([]);
});

it('R28: two accounts of one person ratify as one', () => {
  const linked = new Map([['cyd', 'ben']]);
  expect(emergencyOutOfReach(policy('olga'), 'pilot', [olga, ben, cyd], linked)).not.toEqual([]);
});
