import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fold } from '#kernel';
import { byPerson } from '#test/support/decider-specification';
import {
  BUILT_IN_POLICY,
  type ApprovalPolicy,
  type SigningRole,
} from '../approval-policy/approval-policy.js';
import { ReleaseControlError } from '../errors.js';
import { changeRequest } from './change-request.js';
import type { ChangeRequestCommand } from './commands.js';
import type { ChangeRequestEvent } from './events.js';
import type { Stage } from './plan.js';
import { digestOf } from './record.js';
import { ana, author, figures, item, signatureBy, worker } from './testing/one-request.js';
import { changes, RINGS, window } from './testing/one-plan.js';

const PEOPLE = ['Ana', 'Ben', 'Cyd', 'Dan', 'Eva'];
const HOUR = 3_600_000;
const T0 = Date.parse(ana.at);

/** What a ring asks for: so many persons, so many of them in each role. */
interface Asked {
  readonly approvals: number;
  readonly qa: number;
}
const asked: fc.Arbitrary<Asked> = fc
  .constantFrom(1, 1, 2, 3)
  .chain((approvals) => fc.record({ approvals: fc.constant(approvals), qa: fc.integer({ min: 0, max: 1 }) }));
const stage = (ring: string): fc.Arbitrary<Stage> =>
  fc.record({ ring: fc.constant(ring), soakHours: fc.constantFrom(1, 24), verified: fc.boolean() });

type Step =
  | { readonly signs: string }
  | { readonly who: string; readonly holds: readonly string[] }
  | { readonly ring: number; readonly asks: Asked }
  | { readonly hours: number }
  | { readonly halted: boolean }
  | { readonly verifies: boolean }
  | { readonly recalls: true };
const held: fc.Arbitrary<readonly string[]> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(['approver'], ['approver', 'qa'], ['qa', 'approver@pilot']) },
  { weight: 1, arbitrary: fc.subarray(['approver', 'qa', 'approver@pilot', 'qa@production', 'admin']) },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ signs: fc.constantFrom(...PEOPLE) }) },
  { weight: 1, arbitrary: fc.record({ who: fc.constantFrom(...PEOPLE), holds: held }) },
  { weight: 1, arbitrary: fc.record({ ring: fc.integer({ min: 0, max: 2 }), asks: asked }) },
  { weight: 5, arbitrary: fc.record({ hours: fc.constantFrom(1, 12, 24) }) },
  { weight: 2, arbitrary: fc.record({ halted: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ verifies: fc.constantFrom(true, true, true, false) }) },
  { weight: 1, arbitrary: fc.constant({ recalls: true as const }) },
);

const policyOf = ({ approvals, qa }: Asked, version: number): ApprovalPolicy => ({
  version,
  changeRequest: null,
  default: { approvals, roles: qa === 0 ? {} : { qa }, order: 'any' },
  kinds: {},
});

/** In words of the test alone: the roles that sign in a ring, of all that somebody holds. */
function signsIn(roles: readonly string[], ring: string): readonly SigningRole[] {
  if (roles.includes('admin')) return [];
  return (['approver', 'qa'] as const).filter(
    (role) => roles.includes(role) || roles.includes(`${role}@${ring}`),
  );
}

it('R25, R26, R27: no ring of a plan gets it without its signatures, its time, and what it waits for', () => {
  let reached = 0;
  fc.assert(
    fc.property(
      fc.tuple(asked, asked, asked),
      fc.tuple(stage('pilot'), stage('production')),
      fc.array(held, { minLength: PEOPLE.length, maxLength: PEOPLE.length }),
      fc.array(step, { minLength: 25, maxLength: 60 }),
      (rules, stages, roles, steps) => {
        const draft = {
          id: 'CR-2026-0001',
          ring: 'canary',
          author,
          reason: ana.reason,
          items: [item],
          window,
          stages,
        };
        const recordDigest = digestOf({ ...draft, submittedAt: ana.at, changes });
        const history: ChangeRequestEvent[] = [
          { type: 'ChangeDrafted', data: draft },
          { type: 'ChangeSubmitted', data: { submission: 1, at: ana.at } },
          { type: 'ArtefactsCaptured', data: { submission: 1, changes, recordDigest } },
        ];
        const policies = rules.map((each, i) => policyOf(each, i));
        const holds = new Map(PEOPLE.map((name, i) => [name, roles[i] ?? []]));
        const signedIn = new Map<string, readonly string[]>();
        const verifiedRings = new Set<string>();
        const inForceAt = new Map<string, number>();
        let [now, halted, isOver] = [T0, false, false];

        const say = (command: ChangeRequestCommand): readonly ChangeRequestEvent[] => {
          try {
            const events = changeRequest.decide(command, fold(changeRequest, history));
            history.push(...events);
            return events;
          } catch (error) {
            if (error instanceof ReleaseControlError) return [];
            throw error;
          }
        };
        const at = () => new Date(now).toISOString();
        const signersNow = () =>
          new Map([...holds].map(([name, all]) => [`id-of-${name}`, { roles: all, resets: 0 }]));
        /** Written down a second time: distinct persons who signed in roles that they still hold there, one of them for QA where that is asked. */
        const isSigned = (i: number): boolean => {
          const ring = RINGS[i] ?? '';
          const rule = policies[i]?.default;
          const counted = [...signedIn].flatMap(([name, then]) => {
            const roles = signsIn(then, ring).filter((role) =>
              signsIn(holds.get(name) ?? [], ring).includes(role),
            );
            return roles.length === 0 ? [] : [roles];
          });
          const qa = rule?.roles.qa ?? 0;
          return (
            counted.length >= (rule?.approvals ?? 1) &&
            counted.filter((roles) => roles.includes('qa')).length >= qa
          );
        };
        /** What the worker does: it begins, in whichever ring is next, and the ring has it. */
        const work = () => {
          const state = fold(changeRequest, history);
          const context = { ...worker, at: at() };
          if (state.status === 'approved') {
            say({ type: 'StartChange', policy: BUILT_IN_POLICY, applied: false, context });
            say({ type: 'RecordFirstStage', policy: 'release-policy/canary', context });
            inForceAt.set('canary', now);
            return;
          }
          const i = inForceAt.size;
          const policy = policies[i];
          if (state.status !== 'rolling-out' || policy === undefined) return;
          const words = halted ? ['ring pilot is halted'] : [];
          const [started] = say({
            type: 'StartStage',
            policy,
            signersNow: signersNow(),
            halted: words,
            applied: false,
            context,
          });
          if (started === undefined) return;
          const [ring, before] = [RINGS[i] ?? '', RINGS[i - 1] ?? ''];
          const gates = stages[i - 1];
          expect(started).toMatchObject({
            type: 'StageStarted',
            data: { ring, policyVersion: policy.version },
          });
          expect({ isSigned: isSigned(i), halted, isOver }).toEqual({
            isSigned: true,
            halted: false,
            isOver: false,
          });
          expect(now).toBeGreaterThanOrEqual(
            (inForceAt.get(before) ?? Infinity) + (gates?.soakHours ?? 0) * HOUR,
          );
          expect(!gates?.verified || verifiedRings.has(before)).toBe(true);
          say({ type: 'RecordStage', stage: i + 1, policy: `release-policy/${ring}`, context });
          inForceAt.set(ring, now);
          reached++;
        };
        for (const happens of steps) {
          const last = RINGS[inForceAt.size - 1] ?? '';
          if ('hours' in happens) now += happens.hours * HOUR;
          else if ('halted' in happens) halted = happens.halted;
          else if ('who' in happens) holds.set(happens.who, happens.holds);
          else if ('asks' in happens) policies[happens.ring] = policyOf(happens.asks, policies.length + now);
          else if ('recalls' in happens) {
            const [event] = say({ type: 'RecallStages', context: { ...ana, at: at() } });
            if (event) isOver = true;
          } else if ('verifies' in happens) {
            const context = byPerson('Olga', ['operator'], { at: at() });
            const looked = {
              passed: happens.verifies,
              lookedAt: 'devices 1 and 2, per TP-88',
              ring: last,
              figures: [figures],
            };
            const [event] = say({ type: 'VerifyStage', policy: BUILT_IN_POLICY, ...looked, context });
            if (event?.type === 'StageVerified') verifiedRings.add(last);
            if (event?.type === 'VerificationFailed') isOver = true;
          } else {
            const { signs } = happens;
            const { status } = fold(changeRequest, history);
            const [policy, ...stagePolicies] = policies;
            if (policy === undefined) throw new Error('a plan has a first ring');
            const events = say({
              type: status === 'captured' || status === 'in-review' ? 'ApproveChange' : 'SignStage',
              signature: { ...signatureBy(signs, 'approved'), recordDigest, resets: 0 },
              policy,
              stagePolicies,
              signersNow: signersNow(),
              context: byPerson(signs, holds.get(signs) ?? [], { auth: 'password', at: at() }),
            });
            if (events.length > 0) signedIn.set(signs, holds.get(signs) ?? []);
          }
          work();
        }
        expect(signedIn.has('Ana')).toBe(false);
      },
    ),
    { numRuns: 300 },
  );
  // It would hold of plans that never go on, too.
  expect(reached).toBeGreaterThan(40);
});
