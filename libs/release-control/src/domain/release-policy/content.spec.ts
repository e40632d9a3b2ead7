import { describe, expect, it } from 'vitest';
import { contentDigest, contentOf } from './content.js';
import { emptyPolicy, evolveAll } from './state.js';
import type { ReleasePolicyEvent } from './events.js';
import { ruleName, type MembershipRule } from '../membership/rule.js';

const set = (
  subject: string,
  name: string,
  channel: string,
  architecture: string,
  version: string,
): ReleasePolicyEvent => ({
  type: 'OverrideSet',
  data: {
    target: { format: 'snap', subject, channel, architecture },
    name,
    old: null,
    new: { version, manifest: version.padStart(64, '0') },
    changeRequest: 'CR-2026-0001',
  },
});
const deny = (subject: string, name: string): ReleasePolicyEvent => ({
  type: 'SnapDenied',
  data: { format: 'snap', subject, name, old: null, new: 'denied', changeRequest: 'CR-2026-0001' },
});

const events = [
  set('id-b', 'lab-b', 'latest/stable', 'arm64', '3'),
  set('id-b', 'lab-b', 'latest/stable', 'amd64', '2'),
  set('id-a', 'lab-a', '2.0/edge', 'amd64', '9'),
  deny('id-d', 'lab-d'),
  deny('id-c', 'lab-c'),
];

describe('what a policy says', () => {
  it('is in one order, whatever the order that it came in', () => {
    const content = contentOf(evolveAll(emptyPolicy, events), 'snap');
    expect(content).toEqual({
      access: 'open',
      publisherChanges: 'keep',
      denied: ['lab-c', 'lab-d'],
      allowed: [],
      approvals: { default: { approvals: 1, roles: { approver: 1 }, order: 'any' }, kinds: {} },
      overrides: [
        {
          name: 'lab-a',
          channel: '2.0/edge',
          architecture: 'amd64',
          version: '9',
          manifest: '9'.padStart(64, '0'),
        },
        {
          name: 'lab-b',
          channel: 'latest/stable',
          architecture: 'amd64',
          version: '2',
          manifest: '2'.padStart(64, '0'),
        },
        {
          name: 'lab-b',
          channel: 'latest/stable',
          architecture: 'arm64',
          version: '3',
          manifest: '3'.padStart(64, '0'),
        },
      ],
      members: [],
    });
    const other = contentOf(evolveAll(emptyPolicy, events.toReversed()), 'snap');
    expect(contentDigest(other)).toBe(contentDigest(content));
  });

  it('moves with the approval policy, and not when that is again as it was in the beginning', () => {
    const [built, two] = [1, 2].map((approvals) => {
      return { default: { approvals, roles: { approver: 1 }, order: 'any' as const }, kinds: {} };
    });
    if (!built || !two) throw new Error('there are two');
    const stricter: ReleasePolicyEvent = {
      type: 'ApprovalPolicySet',
      data: { old: built, new: two, version: 1, changeRequest: 'CR-2026-0001' },
    };
    const back: ReleasePolicyEvent = {
      type: 'ApprovalPolicySet',
      data: { old: two, new: built, version: 2, changeRequest: 'CR-2026-0002' },
    };
    const digest = (...history: ReleasePolicyEvent[]) =>
      contentDigest(contentOf(evolveAll(emptyPolicy, history), 'snap'));
    expect(digest(stricter)).not.toBe(digest());
    expect(digest(stricter, back)).toBe(digest());
  });

  it('says its members by their names, and has another digest for another version of a list', () => {
    const serial = { of: 'serial', brand: 'acme', model: 'gateway', serial: '1' } as const;
    const list = (version: number): MembershipRule => {
      return { of: 'list', list: 'lab', version, digest: String(version).repeat(64), count: 1 };
    };
    const member = (rule: MembershipRule): ReleasePolicyEvent => ({
      type: 'MembershipRuleSet',
      data: { name: ruleName(rule), old: null, new: rule, changeRequest: 'CR-2026-0001' },
    });
    const content = (...rules: MembershipRule[]) =>
      contentOf(evolveAll(emptyPolicy, [...events, ...rules.map(member)]), 'snap');
    expect(content(serial, list(1)).members).toEqual([list(1), serial]);
    const digests = [[], [serial], [serial, list(1)], [serial, list(2)]].map((rules) =>
      contentDigest(content(...rules)),
    );
    expect(new Set(digests).size).toBe(4);
  });

  it('has another digest once anything of it is otherwise', () => {
    const digest = (more: readonly ReleasePolicyEvent[]) =>
      contentDigest(contentOf(evolveAll(emptyPolicy, [...events, ...more]), 'snap'));
    const gated: ReleasePolicyEvent = {
      type: 'AccessPolicySet',
      data: { old: 'open', new: 'gated', changeRequest: 'CR-2026-0001' },
    };
    const block: ReleasePolicyEvent = {
      type: 'PublisherChangesSet',
      data: { old: 'keep', new: 'block', at: '2026-11-26T12:00:00.000Z', changeRequest: 'CR-2026-0001' },
    };
    const all = [
      [],
      [gated],
      [block],
      [deny('id-e', 'lab-e')],
      [set('id-a', 'lab-a', '2.0/edge', 'amd64', '10')],
    ].map(digest);
    expect(new Set(all).size).toBe(all.length);
  });

  it('cannot be said by names when two snaps go by one', () => {
    const policy = evolveAll(emptyPolicy, [...events, set('id-x', 'lab-a', 'latest/edge', 'amd64', '1')]);
    expect(() => contentOf(policy, 'snap')).toThrow(expect.objectContaining({ code: 'ambiguous-name' }));
  });
});
