import { describe, expect, it } from 'vitest';
import {
  BUILT_IN_POLICY,
  rulesFor,
  type ApprovalRule,
  type AskedRules,
  type SigningRole,
} from './approval-policy.js';
import { checkRules } from './check-rules.js';
import { missing, type Signatory } from './missing.js';

const rule = (
  approvals: number,
  roles: ApprovalRule['roles'] = {},
  order: ApprovalRule['order'] = 'any',
): ApprovalRule => ({ approvals, roles, order });

const by = (person: string, ...roles: SigningRole[]): Signatory => ({ person, roles });
const ada = by('ada', 'approver');
const ben = by('ben', 'approver');
const cyd = by('cyd', 'qa');
const dan = by('dan', 'approver', 'qa');

const needs = (asked: ApprovalRule, ...signatories: Signatory[]) =>
  missing([{ kinds: ['override'], rule: asked }], signatories);

describe('R26: what a rule still asks for', () => {
  it('is one approver where nobody set another', () => {
    expect(needs(BUILT_IN_POLICY.default)).toEqual(['1 more signature, 1 with the role approver']);
    expect(needs(BUILT_IN_POLICY.default, cyd)).toHaveLength(1);
    expect(needs(BUILT_IN_POLICY.default, ada)).toEqual([]);
  });

  it('counts persons, not signatures', () => {
    expect(needs(rule(2), ada, ada)).toEqual(['1 more signature']);
    expect(needs(rule(2), ada, ben)).toEqual([]);
  });

  it('counts those who hold the role that is asked for', () => {
    const asked = rule(2, { qa: 1 });
    expect(needs(asked, ada)).toEqual(['1 more signature, 1 with the role qa']);
    expect(needs(asked, ada, ben)).toEqual(['1 more signature, 1 with the role qa']);
    expect(needs(asked, ada, cyd)).toEqual([]);
    expect(needs(asked, cyd, ada)).toEqual([]);
  });

  it('counts who holds two roles once, in the one that serves best', () => {
    const asked = rule(2, { qa: 1, approver: 1 });
    expect(needs(asked, dan)).toHaveLength(1);
    expect(needs(asked, dan, ada)).toEqual([]);
    expect(needs(asked, dan, cyd)).toEqual([]);
  });

  it('counts nobody whose signature counts in no role', () => {
    expect(needs(rule(1), by('eve'))).toEqual(['1 more signature']);
    expect(needs(rule(2), ada, by('eve'))).toEqual(['1 more signature']);
  });

  it('takes signatures in order where there is one, and none before its turn', () => {
    const asked = rule(3, { qa: 1 }, ['approver', 'qa']);
    expect(needs(asked)).toEqual([
      'the next signature with the role approver, then one with the role qa, then one in any role',
    ]);
    expect(needs(asked, cyd)).toEqual(needs(asked));
    expect(needs(asked, ada)).toEqual(['the next signature with the role qa, then one in any role']);
    expect(needs(asked, ada, ben)).toEqual(needs(asked, ada));
    expect(needs(asked, ada, cyd)).toEqual(['the next signature in any role']);
    expect(needs(asked, ada, cyd, ben)).toEqual([]);
  });

  it('says for which kinds of change, where several rules apply', () => {
    const policy: AskedRules = { default: rule(1), kinds: { access: rule(2), listing: rule(2) } };
    const rules = rulesFor(policy, [{ kind: 'listing' }, { kind: undefined }, { kind: 'access' }]);
    expect(missing(rules, [])).toEqual([
      '1 more signature (for override)',
      '2 more signatures (for access, listing)',
    ]);
    expect(missing(rules, [ada])).toEqual(['1 more signature (for access, listing)']);
  });
});

describe('R26: the rules for a request', () => {
  it('are those of each kind of change in it, each once', () => {
    const policy: AskedRules = { default: rule(1), kinds: { unblock: rule(2) } };
    expect(rulesFor(policy, [{ kind: undefined }, { kind: undefined }, { kind: 'access' }])).toEqual([
      { kinds: ['override', 'access'], rule: rule(1) },
    ]);
    // A blocked snap that is approved anew is unblocked with it.
    expect(rulesFor(policy, [{ kind: undefined }, { kind: 'block' }])).toEqual([
      { kinds: ['override'], rule: rule(1) },
      { kinds: ['unblock'], rule: rule(2) },
    ]);
  });
});

describe('R38: a hold without an end', () => {
  const choice = { version: '7', manifest: 'a'.repeat(64) };
  const endless = { kind: undefined, new: choice };
  const ending = {
    kind: undefined,
    new: { ...choice, expiry: { at: '2027-01-01T00:00:00.000Z', action: 'keep' } },
  };
  const back = { kind: undefined, new: null };
  const policy: AskedRules = { default: rule(1), kinds: { 'hold-without-expiry': rule(2, { qa: 1 }) } };

  it('takes a second signature where the policy says so, and one with an end does not', () => {
    expect(missing(rulesFor(policy, [endless]), [ada])).toEqual([
      '1 more signature, 1 with the role qa (for hold-without-expiry)',
    ]);
    expect(missing(rulesFor(policy, [endless]), [ada, cyd])).toEqual([]);
    for (const change of [ending, back]) expect(missing(rulesFor(policy, [change]), [ada])).toEqual([]);
    expect(missing(rulesFor(policy, [ending, endless]), [ada])).not.toEqual([]);
  });

  it('takes what an override takes as well, and that alone where the policy says no more', () => {
    const both = { ...policy, kinds: { ...policy.kinds, override: rule(3) } };
    expect(rulesFor(both, [endless]).map(({ kinds }) => kinds)).toEqual([
      ['override'],
      ['hold-without-expiry'],
    ]);
    expect(rulesFor({ default: rule(1), kinds: { override: rule(3) } }, [endless])).toEqual([
      { kinds: ['override'], rule: rule(3) },
    ]);
  });
});

describe('R26: what a rule that asks for reviews still asks for', () => {
  const asked: ApprovalRule = {
    ...rule(2, { approver: 1 }),
    reviews: { persons: 1, roles: { qa: 1 }, order: 'any' },
  };
  const reviewer = (signatory: Signatory): Signatory => ({ ...signatory, reviewed: true });

  it('is the reviews, and then the signatures', () => {
    expect(needs(asked)).toEqual([
      '1 more review, 1 with the role qa, and then 2 more signatures, 1 with the role approver',
    ]);
    expect(needs(asked, reviewer(cyd))).toEqual(['2 more signatures, 1 with the role approver']);
    expect(needs(asked, reviewer(cyd), ada, ben)).toEqual([]);
  });

  it('counts no approval that came before them, and no signature as one of the other meaning', () => {
    expect(needs(asked, ada, reviewer(cyd))).toEqual(['2 more signatures, 1 with the role approver']);
    expect(needs(asked, ada, ben, cyd)).toHaveLength(1);
    expect(needs(rule(1), reviewer(cyd))).toEqual(['1 more signature']);
    expect(needs(asked, reviewer(ada), reviewer(ben), reviewer(cyd))).toHaveLength(1);
  });

  it('counts one person in one of the two, by their last signature', () =>
    expect(needs({ ...asked, approvals: 1, roles: {} }, reviewer(dan), dan)).toHaveLength(1));
});

describe('R26: rules that cannot be meant', () => {
  const refusal = (rules: AskedRules): string => {
    try {
      checkRules(rules, 'production');
    } catch (error) {
      expect(error).toMatchObject({ code: 'invalid-items' });
      return (error as Error).message;
    }
    return 'none';
  };
  const alone = (asked: ApprovalRule) => refusal({ default: asked, kinds: {} });

  it.each<[ApprovalRule, string]>([
    [rule(0), 'the rule "default" asks for 0 approvals: it must be 1 to 5'],
    [rule(6), 'the rule "default" asks for 6 approvals: it must be 1 to 5'],
    [rule(1.5), 'the rule "default" asks for 1.5 approvals: it must be 1 to 5'],
    [
      rule(2, { qa: 0 }),
      'the rule "default" asks for 0 persons with the role qa: leave it out, or ask for 1 to 5',
    ],
    [
      rule(2, { qa: 1, approver: 2 }),
      'the rule "default" names 3 persons by role and asks for 2 approvals only',
    ],
    [
      rule(2, {}, []),
      'the rule "default" has an empty order: say "any", or in which roles the signatures come',
    ],
    [
      rule(2, {}, ['qa', 'qa', 'qa']),
      'the rule "default" names 3 roles in order and asks for 2 approvals only',
    ],
    [
      rule(2, { qa: 1 }, ['approver']),
      'the rule "default" asks for 1 of the role qa, and its order names fewer: name each of them',
    ],
  ])('are refused: %j', (asked, message) => {
    expect(alone(asked)).toBe(message);
  });

  it.each<[NonNullable<ApprovalRule['reviews']>, string]>([
    [{ persons: 0, roles: {}, order: 'any' }, 'asks for 0 reviews: it must be 1 to 5'],
    [{ persons: 1, roles: { qa: 2 }, order: 'any' }, 'names 2 persons by role and asks for 1 reviews only'],
    [{ persons: 1, roles: {}, order: ['qa', 'qa'] }, 'names 2 roles in order and asks for 1 reviews only'],
  ])('are refused for their reviews: %j', (reviews, message) => {
    expect(alone({ ...rule(1), reviews })).toBe(`the rule "default" ${message}`);
  });

  it('are those that could be changed with fewer reviews than they ask for', () => {
    const reviewed = (persons: number, roles: ApprovalRule['roles'] = {}): ApprovalRule => {
      return { ...rule(1), reviews: { persons, roles, order: 'any' } };
    };
    const changedBy = (changing: ApprovalRule) =>
      refusal({ default: reviewed(2, { qa: 1 }), kinds: { 'approval-policy': changing } });
    expect(changedBy(rule(1))).toMatch(/^the rule "default" asks for 2 who review,/);
    expect(changedBy(reviewed(1))).toMatch(/^the rule "default" asks for 2 who review,/);
    expect(changedBy(reviewed(2))).toMatch(/^the rule "default" asks for 1 who review with the role qa,/);
    expect(changedBy(reviewed(3, { qa: 1 }))).toBe('none');
  });

  it('are those that fewer persons than they ask for could change', () => {
    expect(refusal({ default: rule(1), kinds: { override: rule(2) } })).toBe(
      'the rule "override" asks for 2 persons, and could be changed without: let the rule "approval-policy" ask for at least as many',
    );
    expect(refusal({ default: rule(1), kinds: { override: rule(3), 'approval-policy': rule(2) } })).toMatch(
      /^the rule "override" asks for 3 persons/,
    );
    expect(refusal({ default: rule(3), kinds: { 'approval-policy': rule(1) } })).toMatch(
      /^the rule "default" asks for 3 persons/,
    );
    expect(refusal({ default: rule(1), kinds: { override: rule(2), 'approval-policy': rule(2) } })).toBe(
      'none',
    );
    expect(alone(rule(2))).toBe('none');
    expect(alone(rule(1))).toBe('none');
  });

  it.each<[string, ApprovalRule, ApprovalRule, string]>([
    ['two approvers for two with a QA', rule(2, { qa: 1 }), rule(2), '1 with the role qa'],
    ['an approver for a QA', rule(1, { qa: 1 }), rule(1, { approver: 1 }), '1 with the role qa'],
    ['one approver for two', rule(3, { approver: 2 }), rule(3, { approver: 1 }), '2 with the role approver'],
    ['anybody for those of an order', rule(2, {}, ['approver', 'qa']), rule(2), '1 with the role approver'],
  ])('are those that others could change: %s', (_what, asked, changing, more) => {
    const message = `the rule "default" asks for ${more}, and could be changed without: let the rule "approval-policy" ask for at least as many`;
    expect(refusal({ default: asked, kinds: { 'approval-policy': changing } })).toBe(message);
  });

  it('are not those that at least as many of each role could change, in whatever order', () => {
    const asked = rule(2, {}, ['approver', 'qa']);
    for (const changing of [rule(2, { approver: 1, qa: 1 }), rule(3, {}, ['qa', 'approver', 'qa'])])
      expect(refusal({ default: asked, kinds: { 'approval-policy': changing } })).toBe('none');
  });
});

describe('R26: an emergency that cannot be meant', () => {
  const emergency = { onCall: ['olga'], snaps: ['lab-tool'], ratifyWithinHours: 12 };

  it.each<[string, object]>([
    ['nobody on call', { onCall: [] }],
    ['somebody twice', { onCall: ['olga', 'olga'] }],
    ['no snap', { snaps: [] }],
    ['more snaps than are named one by one', { snaps: Array.from({ length: 51 }, (_, n) => `snap-${n}`) }],
    ['no hours', { ratifyWithinHours: 0 }],
    ['half an hour', { ratifyWithinHours: 0.5 }],
    ['more than a week', { ratifyWithinHours: 169 }],
  ])('has %s: is refused', (_what, wrong) => {
    const rules = { default: rule(1), kinds: {}, emergency: { ...emergency, ...wrong } };
    expect(() => checkRules(rules, 'production')).toThrow(expect.objectContaining({ code: 'invalid-items' }));
  });

  it('may be meant otherwise', () => {
    for (const snaps of ['all' as const, ['lab-tool']])
      expect(() =>
        checkRules({ default: rule(1), kinds: {}, emergency: { ...emergency, snaps } }, 'production'),
      ).not.toThrow();
  });
});
