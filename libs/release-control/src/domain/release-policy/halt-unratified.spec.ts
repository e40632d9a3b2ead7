import { describe, expect, it } from 'vitest';
import { fold } from '#kernel';
import { byPerson, byWorker, specify } from '#test/support/decider-specification';
import type { Halt, ReleasePolicyEvent } from './events.js';
import { releasePolicy, type ApplyChange } from './release-policy.js';

const { given } = specify(releasePolicy);

const CR = 'CR-2026-0001';
const target = { format: 'snap', subject: 'labtool', channel: 'latest/stable', architecture: 'amd64' };
const choice = { version: '11', manifest: 'b'.repeat(64) };
const apply: ApplyChange = {
  type: 'ApplyChange',
  changeRequest: CR,
  changes: [{ target, name: 'lab-tool', old: null, new: choice }],
  ratifyBy: '2026-11-23T00:48:14.123Z',
  context: byWorker(`change-request/${CR}`),
};
const set: ReleasePolicyEvent = {
  type: 'OverrideSet',
  data: { target, name: 'lab-tool', old: null, new: choice, changeRequest: CR },
};
const inEffect: ReleasePolicyEvent = {
  type: 'EmergencyApplied',
  data: { changeRequest: CR, ratifyBy: '2026-11-23T00:48:14.123Z' },
};

const context = byWorker(`change-request/${CR}`, {
  reason: { code: 'not-ratified', text: `${CR} was not ratified in time` },
});
const concerns = ['id-of-Ana', 'id-of-Olga'];
const look = (halt: string) =>
  ({ type: 'HaltUnratified', changeRequest: CR, concerns, halt, context }) as const;
const halted = (id: string, old: readonly string[]): ReleasePolicyEvent => {
  const halt: Halt = { id, at: context.at, by: `Holdfast, for ${CR}`, why: context.reason.text, concerns };
  return { type: 'RingHalted', data: { halt, old, new: [...old, id], unratified: CR } };
};

describe('R26: what was released in an emergency', () => {
  it('takes effect as what was approved does, and the ring remembers until when it is to be ratified', () =>
    given().when(apply).then(set, inEffect));

  it('takes effect once', () => given(set, inEffect).when(apply).thenNothing());

  it('halts the ring once it was not ratified, by the service, in the name of the request', () =>
    given(set, inEffect).when(look('halt-1')).then(halted('halt-1', [])));

  it('halts it once, however often that is found, and whoever resumed it', () => {
    given(set, inEffect, halted('halt-1', [])).when(look('halt-2')).thenNothing();
    const resumed: ReleasePolicyEvent = {
      type: 'RingResumed',
      data: { old: ['halt-1'], new: [], changeRequest: 'CR-2026-0002' },
    };
    given(set, inEffect, halted('halt-1', []), resumed).when(look('halt-2')).thenNothing();
  });

  it('halts nothing where it never took effect', () => given().when(look('halt-1')).thenNothing());

  it('halts also a ring that is halted as often as an operator may', () => {
    const by = byPerson('Ola', ['operator']);
    const many: ReleasePolicyEvent[] = [];
    for (let n = 0; n < 20; n++)
      many.push(
        ...releasePolicy.decide(
          { type: 'HaltRing', ring: 'production', halt: `by-hand-${n}`, context: by },
          fold(releasePolicy, many),
        ),
      );
    const old = many.map((_, n) => `by-hand-${n}`);
    given(set, inEffect, ...many)
      .when(look('halt-1'))
      .then(halted('halt-1', old));
    expect(fold(releasePolicy, [set, inEffect, ...many, halted('halt-1', old)]).halts).toHaveLength(21);
  });
});
