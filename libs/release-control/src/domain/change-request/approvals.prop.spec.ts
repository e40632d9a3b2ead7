import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '#kernel';
import { byPerson } from '#test/support/decider-specification';
import {
  CHANGE_KINDS,
  rulesFor,
  SIGNING_ROLES,
  type ApprovalPolicy,
  type ApprovalRule,
  type ReviewRule,
  type SigningRole,
} from '../approval-policy/approval-policy.js';
import { ReleaseControlError } from '../errors.js';
import { changeRequest } from './change-request.js';
import type { ChangeRequestEvent, ResolvedChange } from './events.js';
import { SIGNATURE_MEANINGS, type SignatureMeaning } from '../signature.js';
import { digestOf, draftDigestOf } from './record.js';

const PEOPLE = ['Ana', 'Ben', 'Cyd', 'Dan', 'Eva', 'Fay', 'Gil'];
const ana = byPerson('Ana', ['author']);
const rules = { default: { approvals: 1, roles: {}, order: 'any' }, kinds: {} } as const;
const CHANGES: readonly ResolvedChange[] = [
  { kind: 'access', old: 'open', new: 'gated' },
  { kind: 'publisher-changes', old: 'keep', new: 'block' },
  { kind: 'approval-policy', old: rules, new: { ...rules, default: { ...rules.default, approvals: 2 } } },
];

const asked = (most: number): fc.Arbitrary<ReviewRule> =>
  fc.integer({ min: 1, max: most }).chain((persons) =>
    fc.array(fc.constantFrom(...SIGNING_ROLES), { maxLength: persons }).chain((named) =>
      fc.record({
        persons: fc.constant(persons),
        roles: fc.constant(
          Object.fromEntries(
            SIGNING_ROLES.flatMap((role) => {
              const count = named.filter((each) => each === role).length;
              return count === 0 ? [] : [[role, count] as const];
            }),
          ),
        ),
        order: named.length === 0 ? fc.constant('any' as const) : fc.constantFrom('any' as const, named),
      }),
    ),
  );
const rule: fc.Arbitrary<ApprovalRule> = fc
  .record({ approvals: asked(4), reviews: asked(2), isReviewed: fc.boolean() })
  .map(({ approvals: { persons, ...approvals }, reviews, isReviewed }) => {
    return { approvals: persons, ...approvals, ...(isReviewed ? { reviews } : {}) };
  });
/** Also those that could be changed by fewer than they ask for: how many sign does not hang on how a policy came to be. */
const policy: fc.Arbitrary<ApprovalPolicy> = fc.record(
  {
    default: rule,
    kinds: fc.dictionary(fc.constantFrom(...CHANGE_KINDS), rule, { maxKeys: 3 }),
    version: fc.nat(),
    changeRequest: fc.constant('CR-2026-0000'),
    authored: fc.constant(true as const),
  },
  { requiredKeys: ['default', 'kinds', 'version', 'changeRequest'] },
);

/** What happens to a request: somebody signs, somebody is reset, somebody's roles change, or the policy does. */
type Step =
  | { readonly signs: string; readonly by: Door; readonly meaning: SignatureMeaning }
  | { readonly reset: string }
  | { readonly who: string; readonly holds: readonly string[] }
  | { readonly policy: ApprovalPolicy };
type Door = 'ApproveChange' | 'ReviewChange';
const MEANT = { ApproveChange: 'approved', ReviewChange: 'reviewed' } as const;
const signs = fc
  .record({
    signs: fc.constantFrom(...PEOPLE),
    by: fc.constantFrom<Door>('ApproveChange', 'ApproveChange', 'ReviewChange'),
    other: fc.oneof(
      { weight: 9, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.constantFrom(...SIGNATURE_MEANINGS) },
    ),
  })
  .map(({ other, ...each }) => ({ ...each, meaning: other ?? MEANT[each.by] }));
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: signs },
  {
    weight: 2,
    arbitrary: fc.record({
      who: fc.constantFrom(...PEOPLE),
      holds: fc.subarray(['author', ...SIGNING_ROLES, 'admin']),
    }),
  },
  { weight: 1, arbitrary: fc.record({ reset: fc.constantFrom(...PEOPLE) }) },
  { weight: 1, arbitrary: fc.record({ policy }) },
);

/** What somebody signed last, and the roles that it counts in. */
interface Counted {
  readonly meaning: SignatureMeaning;
  readonly held: readonly SigningRole[];
}

/** Written down a second time, by trying everything: whether at some moment all reviews were there, and all approvals came after it. */
function isMet({ approvals, roles, order, reviews }: ApprovalRule, signed: readonly Counted[]): boolean {
  const by = (meaning: SignatureMeaning, some: readonly Counted[]) =>
    some.filter((each) => each.meaning === meaning).map(({ held }) => held);
  return [...signed, undefined].some((_, moment) => {
    const reviewed =
      reviews === undefined ? moment === 0 : areFilled(reviews, by('reviewed', signed.slice(0, moment)));
    return reviewed && areFilled({ persons: approvals, roles, order }, by('approved', signed.slice(moment)));
  });
}

/** By trying everything as well: whether persons, one a place, fill the places. */
function areFilled(
  { persons: approvals, roles, order }: ReviewRule,
  signed: readonly (readonly SigningRole[])[],
): boolean {
  if (order !== 'any') {
    // Some of them, in the order in which they signed, hold the roles one after the other; the rest come after.
    let turn = 0;
    for (const held of signed) {
      const asked = order[turn];
      if (turn < approvals && (asked === undefined || held.includes(asked))) turn++;
    }
    return turn === approvals;
  }
  const places = SIGNING_ROLES.flatMap((role) => Array<SigningRole>(roles[role] ?? 0).fill(role));
  const seats = (left: readonly SigningRole[], persons: readonly (readonly SigningRole[])[]): boolean => {
    const [first, ...others] = left;
    if (first === undefined) return persons.length >= approvals - places.length;
    return persons.some((held, i) => held.includes(first) && seats(others, persons.toSpliced(i, 1)));
  };
  return seats(places, signed);
}

/** Its author's, which approves nothing. */
function anasSignature(history: readonly ChangeRequestEvent[]): ChangeRequestEvent {
  const state = fold(changeRequest, history);
  if (state.status === 'none') throw new Error('it is drafted');
  const signature = {
    meaning: 'authored' as const,
    signer: 'id-of-Ana',
    printedName: 'Ana',
    signedAt: ana.at,
    components: ['password'] as const,
    credential: 'credential-1',
    recordDigest: draftDigestOf(state),
  };
  return { type: 'ChangeAuthored', data: { signature, roles: ['author'] } };
}

describe('R26, R27: whatever happens between signatures', () => {
  it('a request is approved only when distinct persons, none of them the author, or who reviewed it, meet each rule in force by signatures of that meaning, after those who review it have, and its author has signed where that is asked for', () => {
    let [completed, reviews, afterReview] = [0, 0, 0];
    fc.assert(
      fc.property(
        fc.subarray([...CHANGES], { minLength: 1 }),
        policy,
        fc.array(fc.subarray(['author', ...SIGNING_ROLES]), { minLength: 7, maxLength: 7 }),
        fc.array(step, { minLength: 8, maxLength: 40, size: 'max' }),
        fc.boolean(),
        (changes, first, roles, steps, authored) => {
          const draft = {
            id: 'CR-2026-0001',
            ring: 'default',
            author: { id: 'id-of-Ana', name: 'Ana' },
            reason: ana.reason,
            items: [],
          };
          const recordDigest = digestOf({ ...draft, submittedAt: ana.at, changes });
          const drafted: ChangeRequestEvent[] = [{ type: 'ChangeDrafted', data: draft }];
          const history: ChangeRequestEvent[] = [
            ...drafted,
            ...(authored ? [anasSignature(drafted)] : []),
            { type: 'ChangeSubmitted', data: { submission: 1, at: ana.at } },
            { type: 'ArtefactsCaptured', data: { submission: 1, changes, recordDigest } },
          ];
          const holds = new Map<string, readonly string[]>(PEOPLE.map((name, i) => [name, roles[i] ?? []]));
          let inForce = first;
          const resets = new Map<string, number>();
          // By person, in the order of their last signatures: the roles that they signed in, none once they were reset.
          const signed = new Map<
            string,
            { readonly meaning: SignatureMeaning; readonly roles: readonly string[] }
          >();
          const meant = new Map<string, SignatureMeaning>();
          for (const happens of steps) {
            if ('policy' in happens) {
              inForce = happens.policy;
              continue;
            }
            if ('who' in happens) {
              holds.set(happens.who, happens.holds);
              continue;
            }
            if ('reset' in happens) {
              resets.set(happens.reset, (resets.get(happens.reset) ?? 0) + 1);
              const before = signed.get(happens.reset);
              if (before) signed.set(happens.reset, { ...before, roles: [] });
              continue;
            }
            const { signs, by, meaning } = happens;
            const signature = {
              meaning,
              signer: `id-of-${signs}`,
              printedName: signs,
              signedAt: ana.at,
              components: ['password'] as const,
              credential: 'credential-1',
              resets: resets.get(signs) ?? 0,
              recordDigest,
            };
            let events: readonly ChangeRequestEvent[];
            try {
              events = changeRequest.decide(
                {
                  type: by,
                  signature,
                  policy: inForce,
                  signersNow: new Map(
                    [...holds].map(([name, held]) => [
                      `id-of-${name}`,
                      { roles: held, resets: resets.get(name) ?? 0 },
                    ]),
                  ),
                  context: byPerson(signs, holds.get(signs) ?? [], { auth: 'password' }),
                },
                fold(changeRequest, history),
              );
            } catch (error) {
              if (error instanceof ReleaseControlError) continue;
              throw error;
            }
            history.push(...events);
            expect(meaning).toBe(MEANT[by]);
            expect(meant.get(signs) ?? meaning).toBe(meaning);
            meant.set(signs, meaning);
            expect(authored || inForce.authored !== true).toBe(true);
            const isEnough = () => {
              const counted = [...signed].map(([name, { meaning: said, roles: then }]) => {
                const now = holds.get(name) ?? [];
                const held = SIGNING_ROLES.filter(
                  (role) => then.includes(role) && now.includes(role) && !now.includes('admin'),
                );
                return { meaning: said, held };
              });
              const persons = counted.filter(({ held }) => held.length > 0);
              return rulesFor(inForce, changes).every((asked) => isMet(asked.rule, persons));
            };
            const before = isEnough();
            signed.delete(signs);
            signed.set(signs, { meaning, roles: holds.get(signs) ?? [] });
            const met = before || isEnough();
            expect(signed.has('Ana')).toBe(false);
            expect(holds.get(signs)).not.toContain('admin');
            const counted = met ? 'ChangeApproved' : 'ApprovalSigned';
            expect(events.map(({ type }) => type)).toEqual([
              by === 'ReviewChange' ? 'ChangeReviewed' : counted,
            ]);
            expect(met && by === 'ReviewChange').toBe(false);
            if (by === 'ReviewChange') {
              reviews++;
              continue;
            }
            if (met) {
              completed++;
              if ([...meant.values()].includes('reviewed')) afterReview++;
              return;
            }
          }
        },
      ),
      { numRuns: 600 },
    );
    // It would hold of a decider that never approves anything, too.
    expect(completed).toBeGreaterThan(40);
    expect(reviews).toBeGreaterThan(40);
    expect(afterReview).toBeGreaterThan(5);
  });
});
