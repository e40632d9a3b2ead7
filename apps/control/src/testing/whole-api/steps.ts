import fc from 'fast-check';
import { PEOPLE, type Login } from './people.js';
import { ACTS, type Act } from './rules.js';
import { ANY_TIME, type Ask, type Plan, type Rules } from './world.js';

/** What people try, in whatever order. */

/** What is wrong with a command, whoever gives it. */
export const FLAWS = [
  'no reason',
  'mangled session',
  'ended session',
  'expired session',
  'unused session',
  'token for a session',
  'session of somebody else',
  'login of somebody else',
  'wrong password',
  'stale revision',
  'stale digest',
] as const;
export type Flaw = (typeof FLAWS)[number];

/** Those that a command without a signature has nothing of. */
export const FLAWS_OF_SIGNING: readonly Flaw[] = [
  'session of somebody else',
  'login of somebody else',
  'wrong password',
  'stale digest',
];
/** Those that are counted, of whoever guesses. */
export const GUESSES: readonly Flaw[] = [
  'session of somebody else',
  'login of somebody else',
  'wrong password',
];
export const FLAWS_OF_SESSIONS: readonly Flaw[] = [
  'mangled session',
  'ended session',
  'expired session',
  'unused session',
  'token for a session',
];

/** In mid-flight, the role that somebody has at first goes, or one that they do not have comes, and the other way round. */
export const ROLES_THAT_MOVE = [
  { login: 'ben', role: 'approver' },
  { login: 'cyd', role: 'qa' },
  { login: 'ana', role: 'approver' },
] as const;

/**
 * What chance alone would seldom come to: instead of what is said, something is done that can be done with the request, by somebody who may; or by somebody who may not, and most of
 * all by whoever wrote, released or verified it.
 */
export interface Aim {
  readonly at: 'nothing' | 'taken' | 'refused';
  /** Which of those that there are. */
  readonly n: number;
}

export type Step =
  | {
      readonly kind: 'draft';
      readonly by: Login;
      readonly submit: boolean;
      readonly asks: Ask;
      /** Which of the requests it takes the place of; null: of none. */
      readonly supersedes: number | null;
      /** What the second ring waits for, where there is one. */
      readonly plan: Plan['waitsFor'] | null;
      readonly flaw: Flaw | null;
    }
  | { readonly kind: 'token'; readonly asks: Ask }
  | {
      readonly kind: 'act';
      readonly act: Act;
      readonly by: Login;
      /** Of a request that is handed over. */
      readonly to: Login;
      /** Of a revision. */
      readonly asks: Ask;
      readonly which: number;
      readonly flaw: Flaw | null;
      readonly aim: Aim;
    }
  | { readonly kind: 'worker' }
  | { readonly kind: 'clock'; readonly hours: number }
  | { readonly kind: 'halt'; readonly by: Login; readonly flaw: Flaw | null }
  | { readonly kind: 'role'; readonly which: number }
  | { readonly kind: 'leave' };

const by = fc.constantFrom(...PEOPLE);
/** Mostly nothing. */
const flaw = fc.oneof(
  { weight: 6, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.constantFrom(...FLAWS) },
);
/** Mostly at any time. */
const window = fc.oneof(
  { weight: 5, arbitrary: fc.constant(ANY_TIME) },
  {
    weight: 2,
    arbitrary: fc.record({
      notBefore: fc.constantFrom(null, 1, 3),
      notAfter: fc.constantFrom(null, 4, 12),
    }),
  },
);
const override: fc.Arbitrary<Ask> = fc.record({
  what: fc.constantFrom('override', 'override', 'override', 'override', 'absent'),
  window,
});
/** What a token asks for, it asks for at any time. */
const atAnyTime = override.map((asks): Ask => ({ ...asks, window: ANY_TIME }));
const rules = fc.record({ approvals: fc.constantFrom<1 | 2>(1, 2), onCall: fc.boolean() });
const policy: fc.Arbitrary<Ask> = fc.record({
  what: fc.constant('policy'),
  rules,
  window: fc.constant(ANY_TIME),
});

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('draft'),
      by: fc.oneof(by, fc.constantFrom<Login>('ana', 'dot', 'bob')),
      submit: fc.boolean(),
      asks: fc.oneof(
        { weight: 8, arbitrary: override },
        { weight: 4, arbitrary: policy },
        { weight: 1, arbitrary: fc.constant<Ask>({ what: 'resume', window: ANY_TIME }) },
      ),
      supersedes: fc.oneof(
        { weight: 2, arbitrary: fc.constant(null) },
        { weight: 1, arbitrary: fc.nat({ max: 5 }) },
      ),
      plan: fc.constantFrom(null, null, null, 'soak', 'verification'),
      flaw,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('token'), asks: atAnyTime }) },
  {
    weight: 26,
    arbitrary: fc.record({
      kind: fc.constant('act'),
      act: fc.constantFrom(...ACTS),
      by,
      to: fc.constantFrom<Login>('ana', 'ann', 'ben', 'bob', 'dot'),
      asks: override,
      which: fc.nat({ max: 5 }),
      flaw,
      aim: fc.record({
        at: fc.constantFrom<Aim['at']>('nothing', 'taken', 'taken', 'taken', 'refused', 'refused'),
        n: fc.nat(),
      }),
    }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('worker') }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('clock'), hours: fc.constantFrom(1, 2, 3, 13) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('halt'),
      by: fc.constantFrom<Login>('olga', 'ann', 'ben', 'eve'),
      flaw,
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('role'), which: fc.nat({ max: 2 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('leave') }) },
);

/** What is tried on a ring with these rules. */
export interface Script {
  readonly rules: Rules;
  readonly steps: readonly Step[];
}
export const script: fc.Arbitrary<Script> = fc.record({
  rules: fc.record({ approvals: fc.constantFrom<1 | 2>(1, 2), onCall: fc.constant(true) }),
  steps: fc.array(step, { minLength: 30, maxLength: 60, size: 'max' }),
});
