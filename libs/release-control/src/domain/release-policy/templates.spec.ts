import { describe, expect, it } from 'vitest';
import { fold } from '#kernel';
import { byPerson, specify } from '#test/support/decider-specification';
import {
  change,
  draftedData,
  FIRMWARE,
  granted,
  ref,
  template,
  worker,
} from '../change-request/testing/a-standard-change.js';
import type { ReleasePolicyEvent } from './events.js';
import { releasePolicy, type ApplyChange } from './release-policy.js';

const { given } = specify(releasePolicy);
const { id } = draftedData;
const held: ReleasePolicyEvent = {
  type: 'OverrideSet',
  data: {
    target: change.target,
    name: 'lab-fw',
    old: null,
    new: { version: '4', manifest: 'a'.repeat(64) },
    changeRequest: 'CR-2026-0002',
  },
};
const set = (version: number, more: object = {}): ReleasePolicyEvent => ({
  type: 'TemplateSet',
  data: {
    name: 'standard-fw',
    version,
    old: null,
    new: { ...template, ...more },
    approvedBy: granted.approvedBy,
    changeRequest: 'CR-2026-0005',
  },
});
const withdrawn: ReleasePolicyEvent = {
  type: 'TemplateWithdrawn',
  data: {
    ...ref,
    old: template,
    new: null,
    by: { id: 'id-of-Dan', name: 'Dan' },
  },
};
const used = (at: string = worker.at, changeRequest = id): ReleasePolicyEvent => ({
  type: 'TemplateUsed',
  data: { ...ref, changeRequest, at },
});
const applied: ReleasePolicyEvent = {
  type: 'OverrideSet',
  data: {
    target: change.target,
    name: 'lab-fw',
    old: { version: '4', manifest: 'a'.repeat(64) },
    new: { version: '5', manifest: 'b'.repeat(64) },
    changeRequest: id,
  },
};
const apply: ApplyChange = {
  type: 'ApplyChange',
  changeRequest: id,
  changes: [change],
  byTemplate: {
    use: { ref, signer: { person: 'id-of-Uma', roles: ['approver'], resets: 0 } },
    signerNow: { roles: ['approver'], resets: 0 },
  },
  context: worker,
};
const halt = { id: 'halt-1', at: worker.at, by: 'Olga', why: 'odd' };

describe('R26: what takes effect by a template', () => {
  it('is what the ring lets, in one append with the note of it', () =>
    given(held, set(3)).when(apply).then(applied, used()));

  it('takes effect once: what comes again has it', () =>
    given(held, set(3), applied, used(), withdrawn).when(apply).thenNothing());

  it.each<[string, readonly ReleasePolicyEvent[], string]>([
    ['it was withdrawn', [held, set(3), withdrawn], 'it was withdrawn'],
    ['it was approved anew', [held, set(3), set(4)], 'version 4 of it is in force'],
    ['it was approved anew after it was withdrawn', [held, set(3), withdrawn, set(4)], 'version 4'],
    ['it ended', [held, set(3, { until: worker.at })], 'it ended at'],
    [
      'it was used as often as it may',
      [
        held,
        set(3),
        used('2026-11-20T00:00:00.000Z', 'CR-2026-0007'),
        used('2026-11-21T00:00:00.000Z', 'CR-2026-0007'),
      ],
      'used 2 times in 7 days',
    ],
    [
      'the ring is halted',
      [held, set(3), { type: 'RingHalted', data: { halt, old: [], new: ['halt-1'] } }],
      'ring of the request is halted',
    ],
    [
      'the snap is halted',
      [
        held,
        set(3),
        { type: 'SnapHalted', data: { ...FIRMWARE, name: 'lab-fw', halt, old: [], new: ['halt-1'] } },
      ],
      'lab-fw is halted',
    ],
    [
      'the snap is denied',
      [
        held,
        set(3),
        {
          type: 'SnapDenied',
          data: { ...FIRMWARE, name: 'lab-fw', old: null, new: 'denied', changeRequest: 'CR-2026-0003' },
        },
      ],
      'lab-fw is denied',
    ],
  ])('is nothing where %s', (_, history, why) =>
    expect(() => releasePolicy.decide(apply, fold(releasePolicy, history))).toThrow(why),
  );

  it('is nothing where its user is found to be one of who approved it', () => {
    const linked = new Map([['id-of-Uma', 'id-of-Ben']]);
    const command = { ...apply, context: { ...worker, linked } };
    expect(() => releasePolicy.decide(command, fold(releasePolicy, [held, set(3)]))).toThrow('among those');
  });

  it('counts uses of every version, and forgets those of before its days', () =>
    given(
      held,
      set(3),
      used('2026-11-01T00:00:00.000Z', 'CR-2026-0007'),
      used('2026-11-02T00:00:00.000Z', 'CR-2026-0007'),
      used('2026-11-22T00:00:00.000Z', 'CR-2026-0007'),
    )
      .when(apply)
      .then(applied, used()));
});

describe('R26: a template', () => {
  const propose: ApplyChange = {
    type: 'ApplyChange',
    changeRequest: 'CR-2026-0006',
    changes: [{ kind: 'template', name: 'standard-fw', old: template, new: { ...template, mostTargets: 1 } }],
    approvedBy: granted.approvedBy,
    context: worker,
  };

  it('is set with all who signed for it, and counted on, also after it was withdrawn', () => {
    const data = {
      name: 'standard-fw',
      version: 4,
      new: { ...template, mostTargets: 1 },
      approvedBy: granted.approvedBy,
      changeRequest: 'CR-2026-0006',
    };
    given(set(3))
      .when(propose)
      .then({ type: 'TemplateSet', data: { ...data, old: template } });
    given(set(3), withdrawn)
      .when({ ...propose, changes: [{ kind: 'template', name: 'standard-fw', old: null, new: data.new }] })
      .then({ type: 'TemplateSet', data: { ...data, old: null } });
  });

  it('is not set where another one stands there than was signed against', () =>
    given(set(3), withdrawn).when(propose).thenRefused('expected-value-differs'));

  const withdraw = (name: string, roles: readonly string[]) => ({
    type: 'WithdrawTemplate' as const,
    ring: 'production',
    name: 'standard-fw',
    context: byPerson(name, roles),
  });

  it('is withdrawn by one person who may sign in the ring, at once', () => {
    given(set(3))
      .when(withdraw('Dan', ['qa']))
      .then(withdrawn);
    given(set(3), withdrawn)
      .when(withdraw('Dan', ['qa']))
      .thenRefused('no-such-template');
  });

  it.each([[['author']], [['operator']], [['approver', 'admin']], [['approver@elsewhere']], [[]]])(
    'is not withdrawn by who holds %j',
    (roles) => given(set(3)).when(withdraw('Dan', roles)).thenRefused('not-an-approver'),
  );
});
