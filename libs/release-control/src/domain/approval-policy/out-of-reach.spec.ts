import { expect, it } from 'vitest';
import { BUILT_IN_POLICY, type ApprovalRule } from './approval-policy.js';
import { outOfReach, type Candidate } from './out-of-reach.js';

const who = (id: string, ...roles: string[]): Candidate => ({ id, roles });
const ana = who('ana', 'author');
const policy = (rule: ApprovalRule) => ({ default: rule, kinds: {} });
const two = policy({ approvals: 2, roles: { qa: 1 }, order: 'any' });
const missing = (rules: Parameters<typeof outOfReach>[0], ...people: Candidate[]) =>
  outOfReach(rules, 'pilot', people).flatMap((each) => each.missing);

it('R26: a policy is met by who can sign in the ring', () => {
  expect(missing(BUILT_IN_POLICY, ana, who('ben', 'approver@pilot'))).toEqual([]);
  expect(missing(two, ana, who('ben', 'approver'), who('cyd', 'qa@pilot'))).toEqual([]);
});

it.each([
  ['nobody signs there', BUILT_IN_POLICY, [ana, who('ben', 'approver@production')]],
  ['who signs is the only author', BUILT_IN_POLICY, [who('ana', 'author', 'approver')]],
  ['nobody asks there', BUILT_IN_POLICY, [who('ana', 'author@production'), who('ben', 'approver')]],
  ['one person stands for two', two, [ana, who('ben', 'approver', 'qa')]],
  ['nobody has the role', two, [ana, who('ben', 'approver'), who('cyd', 'approver')]],
  [
    'a turn of the order is nobody’s',
    policy({ approvals: 2, roles: {}, order: ['approver', 'qa'] }),
    [ana, who('ben', 'qa'), who('cyd', 'qa')],
  ],
  [
    'who reviews would have to approve',
    policy({
      approvals: 1,
      roles: {},
      order: 'any',
      reviews: { persons: 1, roles: { qa: 1 }, order: 'any' },
    }),
    [ana, who('cyd', 'qa')],
  ],
] as const)('R26: it is out of reach where %s', (_why, rules, people) => {
  expect(missing(rules, ...people)).not.toEqual([]);
});

it('R26: who reviews and who approves are there, each for one of the two', () => {
  const reviews = { persons: 2, roles: {}, order: ['qa', 'approver'] } as const;
  const rule = policy({ approvals: 1, roles: { approver: 1 }, order: 'any', reviews });
  const [ben, cyd, dan] = [who('ben', 'approver'), who('cyd', 'qa'), who('dan', 'approver')];
  expect(missing(rule, ana, ben, cyd, dan)).toEqual([]);
  expect(missing(rule, ana, ben, cyd)).not.toEqual([]);
});

it('R26: whoever is an author will do, and signing may go on in whatever order the policy has', () => {
  const inOrder = policy({ approvals: 2, roles: {}, order: ['qa', 'approver'] });
  const [ben, cyd] = [who('ben', 'author', 'approver'), who('cyd', 'qa')];
  expect(missing(inOrder, ben, cyd)).not.toEqual([]);
  expect(missing(inOrder, ben, cyd, ana)).toEqual([]);
});

it('R27, R28: where others verify than those who signed, somebody is left who does', () => {
  const rules = { ...BUILT_IN_POLICY, verifiedByOthers: true } as const;
  const [ben, olga] = [who('ben', 'approver', 'qa'), who('olga', 'operator@pilot')];
  expect(missing(rules, ana, ben, olga)).toEqual([]);
  expect(missing(rules, ana, ben, who('cyd', 'qa'))).toEqual([]);
  expect(missing(BUILT_IN_POLICY, ana, ben)).toEqual([]);
  const lacks = 'somebody who verifies it with the role operator or qa, and neither wrote nor signs it';
  expect(new Set(missing(rules, ana, ben))).toEqual(new Set([lacks]));
  expect(new Set(missing(rules, ana, ben, who('olga', 'operator@production')))).toEqual(new Set([lacks]));
  expect(new Set(missing(rules, ana, ben, who('root', 'admin', 'operator')))).toEqual(new Set([lacks]));
  // Who asks for it does not verify it either.
  expect(new Set(missing(rules, who('ana', 'author', 'operator'), ben))).toEqual(new Set([lacks]));
});

it('R26: is told by the kinds of change that ask for the same', () => {
  const rules = { ...BUILT_IN_POLICY, kinds: { resume: two.default } };
  expect(outOfReach(rules, 'pilot', [ana, who('ben', 'approver')])).toEqual([
    { kinds: ['resume'], missing: ['1 more signature, 1 with the role qa'] },
  ]);
});
