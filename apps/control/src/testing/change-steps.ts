import fc from 'fast-check';
import { ACTS, type Act } from './change-model.js';

/** What people try, in whatever order. */

/** Ann is ana, with another account: two people said so. */
export const PEOPLE = ['ana', 'ann', 'ben', 'cyd', 'dot', 'eve', 'olga'] as const;
export type Login = (typeof PEOPLE)[number];
/** By the policy that the test sets. */
export const ON_CALL: Login = 'dot';

/** What is wrong with a request, whoever gives it. */
const FLAWS = [
  'none',
  'no reason',
  'wrong session',
  'ended session',
  'wrong password',
  'stale revision',
  'stale digest',
] as const;
export type Flaw = (typeof FLAWS)[number];

export type Step =
  | { readonly kind: 'draft'; readonly by: Login; readonly submit: boolean; readonly flaw: Flaw }
  | { readonly kind: 'token' }
  | {
      readonly kind: 'act';
      readonly act: Act;
      readonly by: Login;
      readonly which: number;
      readonly flaw: Flaw;
      /** Something that can be done with it is done instead, by somebody who may: what chance alone would seldom come to. */
      readonly apt: number | null;
    }
  | { readonly kind: 'worker'; readonly which: number }
  | { readonly kind: 'role'; readonly grant: boolean };

const by = fc.constantFrom(...PEOPLE);
/** Mostly nothing. */
const flaw = fc.oneof({ weight: 6, arbitrary: fc.constant<Flaw>('none') }, fc.constantFrom(...FLAWS));
const which = fc.nat({ max: 3 });
export const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('draft'),
      by: fc.oneof(by, fc.constantFrom<Login>('ana', 'dot')),
      submit: fc.boolean(),
      flaw,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('token') }) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('act'),
      act: fc.constantFrom(...ACTS),
      by,
      which,
      flaw,
      apt: fc.option(fc.nat(), { nil: null, freq: 3 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('worker'), which }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('role'), grant: fc.boolean() }) },
);
