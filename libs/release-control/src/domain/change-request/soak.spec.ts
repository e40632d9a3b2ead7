import { describe, expect, it } from 'vitest';
import { fold, type DomainEvent, type Timed } from '#kernel';
import { specify } from '#test/support/decider-specification';
import { BUILT_IN_POLICY } from '../approval-policy/approval-policy.js';
import type { SoakRule } from '../approval-policy/soak-rule.js';
import type { ReleasePolicyEvent } from '../release-policy/events.js';
import { servedSince } from '../release-policy/served-since.js';
import { changeRequest } from './change-request.js';
import type { Author } from './events.js';
import { foundIn, settingIt, soakWait, type Found } from './soak.js';
import { waitsFor } from './stages.js';
import { ana, change, item } from './testing/one-request.js';
import {
  dayThree,
  dayTwo,
  rollingOut,
  signersNow,
  stageStarted,
  stageVerified,
  start,
} from './testing/one-plan.js';

/** Ring pilot, from the first to the fifth of December, and what is wanted in another ring. */
const day = (n: number, time = '08:00:00.000') => `2026-12-0${n}T${time}Z`;
const RULE: SoakRule = { ring: 'pilot', hours: 24, verified: false };
const { target, name } = change;
const { format, subject } = target;
const SNAP = { format, subject, name };
const halt = { id: 'h1', at: day(2), by: 'Dan', why: 'it beeps' };
const CR = 'CR-2026-0007';

const { given } = specify(changeRequest);
const verifiedPlan = [...rollingOut, stageVerified];

type Told = ReleasePolicyEvent & { at: string };

const set = (at: string, version = '1', changeRequest = CR): Told => {
  const choice = { version, manifest: 'a'.repeat(64) };
  return { type: 'OverrideSet', data: { target, name, old: null, new: choice, changeRequest }, at };
};
const told = <Event extends DomainEvent>(at: string, event: Event): Timed<Event> => ({ ...event, at });

function waitsIn(
  history: readonly Told[],
  { at = day(5), rule = RULE, found = [] as [string, Found][], items = [item], captured = true } = {},
) {
  const facts = { source: fold(servedSince, history), found: new Map(found) };
  return soakWait(rule, facts, captured ? { items, changes: [change] } : { items }, at);
}

describe('R25: soak in another ring', () => {
  it('is over once the version has been in force there for as long, and not before', () => {
    const wait = {
      for: 'soak',
      ring: 'pilot',
      until: day(2),
      why: `lab-hello 1 is in force in ring pilot since ${day(1)}, and 24 hours are asked for`,
    };
    expect(waitsIn([set(day(1))], { at: day(2, '07:59:59.999') })).toEqual(wait);
    expect(waitsIn([set(day(1))], { at: day(2) })).toBeNull();
  });

  it.each<[string, Told[], string]>([
    ['never had it', [], 'ring pilot does not hold lab-hello 1 on latest/stable, amd64'],
    ['has another version', [set(day(1)), set(day(2), '2')], 'ring pilot does not hold lab-hello 1'],
    [
      'gave it back to upstream',
      [
        set(day(1)),
        told(day(2), {
          type: 'OverrideRemoved',
          data: {
            target,
            name,
            old: { version: '1', manifest: 'a'.repeat(64) },
            new: null,
            changeRequest: CR,
          },
        }),
      ],
      'ring pilot does not hold lab-hello 1',
    ],
    [
      'is halted',
      [set(day(1)), told(day(2), { type: 'RingHalted', data: { halt, old: [], new: ['h1'] } })],
      'ring pilot is halted',
    ],
    [
      'has the snap halted',
      [set(day(1)), told(day(2), { type: 'SnapHalted', data: { ...SNAP, halt, old: [], new: ['h1'] } })],
      'lab-hello 1 is halted in ring pilot',
    ],
    [
      'denies the snap',
      [
        set(day(1)),
        told(day(2), {
          type: 'SnapDenied',
          data: { ...SNAP, old: null, new: 'denied', changeRequest: CR },
        }),
      ],
      'lab-hello 1 is denied in ring pilot',
    ],
  ])('has no known end where the ring %s', (_what, history, why) => {
    const wait = waitsIn(history);
    expect(wait).toMatchObject({ for: 'soak', until: null });
    expect(wait?.why).toContain(why);
  });

  it('counts anew from the end of a halt, of a block, and from when the version came back', () => {
    const blocked = {
      ...SNAP,
      old: null,
      new: 'blocked',
      because: { event: 'e1', at: day(2), what: 'key-changed' },
      changeRequest: CR,
    } as unknown as Extract<ReleasePolicyEvent, { type: 'SnapBlocked' }>['data'];
    const breaks: Told[][] = [
      [
        told(day(2), { type: 'RingHalted', data: { halt, old: [], new: ['h1'] } }),
        told(day(4), { type: 'RingResumed', data: { old: ['h1'], new: [], changeRequest: 'CR-2026-0008' } }),
      ],
      [
        told(day(2), { type: 'SnapHalted', data: { ...SNAP, halt, old: [], new: ['h1'] } }),
        told(day(4), {
          type: 'SnapResumed',
          data: { ...SNAP, old: ['h1'], new: [], changeRequest: 'CR-2026-0008' },
        }),
      ],
      [
        told(day(2), { type: 'SnapBlocked', data: blocked }),
        told(day(4), {
          type: 'SnapUnblocked',
          data: { ...SNAP, old: 'blocked', new: null, changeRequest: 'CR-2026-0008' },
        }),
      ],
      [set(day(2), '2'), set(day(4))],
    ];
    for (const each of breaks) {
      expect(waitsIn([set(day(1)), ...each], { at: day(4, '23:00:00.000') })).toMatchObject({
        until: day(5),
      });
      expect(waitsIn([set(day(1)), ...each])).toBeNull();
    }
  });

  it('goes on where the same version is set again, as with another end of its hold', () => {
    expect(waitsIn([set(day(1)), set(day(4), '1', 'CR-2026-0008')])).toBeNull();
  });

  it('is not over before it is verified there, where that is asked for, whatever time has passed', () => {
    const rule = { ...RULE, verified: true };
    const history = [set(day(1))];
    expect(waitsIn(history, { rule })).toMatchObject({
      until: null,
      why: 'nobody has verified lab-hello 1 in ring pilot',
    });
    expect(waitsIn(history, { rule, found: [['CR-2026-0009', 'passed']] })).toMatchObject({ until: null });
    expect(waitsIn(history, { rule, found: [[CR, 'passed']] })).toBeNull();
    expect(waitsIn(history, { rule, found: [[CR, 'passed']], at: day(1) })).toMatchObject({ until: day(2) });
  });

  it('is never over of what failed its verification there, or is there by an emergency that nobody ratified', () => {
    expect(waitsIn([set(day(1))], { found: [[CR, 'failed']] })).toMatchObject({
      until: null,
      why: 'the verification of lab-hello 1 failed in ring pilot',
    });
    expect(waitsIn([set(day(1))], { found: [[CR, 'unratified']] })).toMatchObject({ until: null });
  });

  it('is foretold from the names alone before a request is captured', () => {
    const ahead = { captured: false, at: day(1) };
    expect(waitsIn([set(day(1))], ahead)).toMatchObject({ until: day(2) });
    expect(waitsIn([], ahead)).toMatchObject({
      until: null,
      why: 'ring pilot does not hold lab-hello 1 on latest/stable',
    });
    expect(waitsIn([], { ...ahead, items: [{ ...item, version: null }] })).toBeNull();
    expect(waitsIn([set(day(1))], { ...ahead, items: [{ ...item, architecture: 'arm64' }] })).toMatchObject({
      until: null,
    });
  });

  it('says of many versions the first few reasons, and how many more there are', () => {
    const source = fold(servedSince, [] as Told[]);
    const changes = ['a', 'b', 'c', 'd', 'e'].map((each) => ({ ...change, name: each }));
    const wait = soakWait(RULE, { source, found: new Map() }, { items: [item], changes }, day(1));
    expect(wait?.why.split('; ')).toHaveLength(4);
    expect(wait?.why).toMatch(/; and 2 more$/);
  });

  it('is of what sets a version, and of nothing else', () => {
    const facts = { source: fold(servedSince, [] as Told[]), found: new Map<string, Found>() };
    const back = { ...change, new: null };
    const access = { kind: 'access', old: 'open', new: 'gated' } as const;
    expect(soakWait(RULE, facts, { items: [item], changes: [back, access] }, day(1))).toBeNull();
    expect(settingIt(fold(servedSince, [set(day(1))]), [back, access])).toEqual([]);
    expect(settingIt(fold(servedSince, [set(day(1))]), [change])).toEqual([CR]);
  });

  it('is asked for by the next ring of a plan as well, which says so', () => {
    const policy = { ...BUILT_IN_POLICY, soak: { ring: 'lab', hours: 48, verified: false } };
    const { target, name, new: choice } = change;
    if (choice === null) throw new Error('it sets a version');
    const data = { target, name, old: null, new: choice, changeRequest: 'CR-2026-0007' };
    const inLab = (at: string) => {
      const source = fold(servedSince, [{ type: 'OverrideSet', data, at }]);
      return { source, found: new Map() };
    };
    given(...verifiedPlan)
      .when({ ...start, policy, soak: inLab(ana.at) })
      .thenNothing();
    given(...verifiedPlan)
      .when({ ...start, policy, soak: inLab('2026-11-01T00:00:00.000Z') })
      .then(stageStarted(2));
    const state = fold(changeRequest, verifiedPlan);
    if (state.status !== 'rolling-out') throw new Error(state.status);
    const facts = { now: dayTwo, policy, soak: inLab(ana.at), signersNow, halted: [] };
    expect(waitsFor(state, facts)).toEqual([
      expect.stringContaining(
        `the soak in ring lab that ring pilot asks for, until ${dayThree}: lab-hello 1 is`,
      ),
    ]);
  });

  it('R27: is not verified by who wrote the request that waits, in whichever of their accounts', () => {
    const rule = { ...RULE, verified: true };
    const looked = fold(changeRequest, [...rollingOut, stageVerified]);
    if (stageVerified.type !== 'StageVerified') throw new Error('it is no verification');
    const { by, ring } = stageVerified.data;
    const other = { id: 'id-of-Zoe', name: 'Zoe' };
    const linked = new Map([
      [by.id, 'one'],
      [other.id, 'one'],
    ]);
    const found = (author: Author, known = {}, earlierAuthors: readonly Author[] = []) =>
      foundIn(looked, ring, { author, earlierAuthors }, known);
    expect(found(other)).toBe('passed');
    expect(found(by)).toBe('passed-by-own');
    expect(found(other, {}, [by])).toBe('passed-by-own');
    expect(found(other, { linked })).toBe('passed-by-own');
    const history = [set(day(1))];
    expect(waitsIn(history, { rule, found: [[CR, 'passed-by-own']] })).toMatchObject({
      until: null,
      why: 'nobody but who wrote this request has verified lab-hello 1 in ring pilot',
    });
    expect(waitsIn(history, { found: [[CR, 'passed-by-own']] })).toBeNull();
  });

  it('asks nothing of a request that is not in force in the ring', () => {
    expect(
      foundIn({ status: 'none' }, 'pilot', { author: { id: 'id-of-Ana', name: 'Ana' } }, {}),
    ).toBeUndefined();
  });
});
