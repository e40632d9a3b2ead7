import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ApprovalRule, ApprovalRules, Freeze } from '../api/approval-types.js';
import type { MembersItem } from '../api/members-types.js';
import { CHANGE_KINDS, rulesText, SIGNING_ROLES } from './approval-rules.js';
import { differences } from './differences.js';
import type { Policy, PolicyFile, PolicyOverride } from './policy.js';
import { readPolicy } from './read-policy.js';
import { writePolicy } from './write-policy.js';

const snap = fc
  .oneof(
    fc.stringMatching(/^[a-z0-9-]{1,12}$/),
    fc.constantFrom('null', 'true', 'no', '1e3', '0x1f', '-', '---', '1-2', 'constructor', '42'),
  )
  .filter((name) => name.length <= 40);
const track = fc.constantFrom('latest', '2.0', '1', '1.10', '3.14e2', 'no', '0o7', '2026-11-26');
const channel = fc
  .tuple(
    track,
    fc.constantFrom('stable', 'candidate', 'beta', 'edge'),
    fc.option(fc.constantFrom('fix-1', '7', 'a.b'), { nil: undefined }),
  )
  .map((parts) => parts.filter((part) => part !== undefined).join('/'));
const override: fc.Arbitrary<PolicyOverride> = fc.record({
  snap,
  channel,
  architecture: fc.constantFrom('amd64', 'arm64', 'armhf', 'riscv64'),
  revision: fc.integer({ min: 1, max: 999_999_999 }),
});
const place = (each: PolicyOverride) => `${each.snap} ${each.channel} ${each.architecture}`;
const number = fc.integer({ min: 1, max: 5 });
const inRoles = {
  roles: fc.dictionary(fc.constantFrom(...SIGNING_ROLES), number),
  order: fc.oneof(
    fc.constant('any' as const),
    fc.array(fc.constantFrom(...SIGNING_ROLES), { minLength: 1, maxLength: 5 }),
  ),
};
const rule: fc.Arbitrary<ApprovalRule> = fc.record(
  { approvals: number, ...inRoles, reviews: fc.record({ persons: number, ...inRoles }) },
  { requiredKeys: ['approvals', 'roles', 'order'] },
);
const inOrderOf = (words: readonly string[]): string[] => words.toSorted();
const emergency: fc.Arbitrary<NonNullable<ApprovalRules['emergency']>> = fc.record({
  onCall: fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9._-]{1,8}$/), { minLength: 1 }).map(inOrderOf),
  snaps: fc.oneof(fc.constant('all' as const), fc.uniqueArray(snap, { minLength: 1 }).map(inOrderOf)),
  ratifyWithinHours: fc.integer({ min: 1, max: 168 }),
});
const freeze: fc.Arbitrary<Freeze> = fc.record({
  from: fc.constantFrom('fri 18:00', '2026-12-20T18:00'),
  to: fc.constantFrom('mon 06:00', '2027-01-04T06:00'),
  zone: fc.constantFrom('Europe/Zurich', 'UTC', 'Etc/GMT+3'),
  reason: fc.constantFrom(
    'the books are closed',
    'no',
    'stock: all of it',
    '# is no comment',
    '"so" - said',
    '1e3',
  ),
  emergencies: fc.constantFrom('pass' as const, 'wait' as const),
});
const freezes = fc.array(freeze, { minLength: 1, maxLength: 3 });
const soak = fc.record({
  ring: fc.constantFrom('pilot', 'no', '1e3', 'a-ring'),
  hours: fc.integer({ min: 0, max: 1_080 }),
  verified: fc.boolean(),
});
const authored = fc.constant(true as const);
const verifiedByOthers = fc.constant(true as const);
const trailReviewed = fc.constant(true as const);
const rules: fc.Arbitrary<ApprovalRules> = fc.record(
  {
    default: rule,
    kinds: fc.dictionary(fc.constantFrom(...CHANGE_KINDS), rule),
    emergency,
    freezes,
    soak,
    authored,
    verifiedByOthers,
    trailReviewed,
  },
  { requiredKeys: ['default', 'kinds'] },
);
const word = fc.stringMatching(/^[!-.0-~]{1,8}$/);
const member = fc
  .tuple(
    fc.oneof(
      fc.tuple(word, word, word).map((words) => `serial ${words.join('/')}`),
      fc.tuple(word, word).map((words) => `model ${words.join('/')}`),
      fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,8}$/).map((name) => `list ${name}`),
    ),
    fc.constantFrom('', ' in 10.20.0.0/16', ' in fd00::/16'),
    fc.constantFrom('', ' at store.lab'),
  )
  .map((parts) => parts.join(''));
const policy: fc.Arbitrary<Policy> = fc
  .record({
    access: fc.constantFrom('open' as const, 'gated' as const),
    publisherChanges: fc.constantFrom('keep' as const, 'block' as const),
    listed: fc.uniqueArray(snap, { maxLength: 8 }),
    split: fc.nat({ max: 8 }),
    approvals: rules,
    overrides: fc.uniqueArray(override, { selector: place, maxLength: 25 }),
    members: fc.uniqueArray(member, { maxLength: 5 }),
  })
  .map(({ listed, split, ...rest }) => {
    return { ...rest, denied: listed.slice(0, split), allowed: listed.slice(split) };
  });
const file: fc.Arbitrary<PolicyFile> = fc
  .tuple(policy, fc.option(fc.stringMatching(/^[0-9a-f]{64}$/), { nil: null }))
  .map(([each, digest]) => ({ ...each, ring: 'default', digest }));

function nameOf({ of, list, brand, model, serial, network, host }: MembersItem): string {
  const words = { list: [list], model: [brand, model], serial: [brand, model, serial] }[of].join('/');
  return [of, words, ...(network ? ['in', network] : []), ...(host ? ['at', host] : [])].join(' ');
}

/** What the items of the differences would make of a ring. */
function applied(inForce: Policy, wanted: Policy): Policy {
  let { access, approvals, publisherChanges } = inForce;
  const lists = { deny: new Set(inForce.denied), allow: new Set(inForce.allowed) };
  const overrides = new Map(inForce.overrides.map((each) => [place(each), each]));
  const members = new Set(inForce.members);
  for (const { item } of differences(inForce, wanted)) {
    if (item.kind === 'access') access = item.access;
    else if (item.kind === 'publisher-changes') publisherChanges = item.publisherChanges;
    else if (item.kind === 'approval-policy') approvals = item.rules;
    else if (item.kind === 'members') members[item.members ? 'add' : 'delete'](nameOf(item));
    else if ('listed' in item) {
      // A snap is on one list at most.
      for (const list of [lists.deny, lists.allow]) list.delete(item.snap);
      if (item.listed) lists[item.kind].add(item.snap);
    } else if ('channel' in item) {
      const { snap: name, channel: on, architecture = '', revision } = item;
      const at = `${name} ${on} ${architecture}`;
      if (revision === null) overrides.delete(at);
      else overrides.set(at, { snap: name, channel: on, architecture, revision });
    }
  }
  const [denied, allowed] = [[...lists.deny], [...lists.allow]];
  const kept = { overrides: [...overrides.values()], members: [...members] };
  return { access, publisherChanges, denied, allowed, approvals, ...kept };
}

const inOrder = (each: Policy) => ({
  access: each.access,
  publisherChanges: each.publisherChanges,
  denied: [...each.denied].sort(),
  allowed: [...each.allowed].sort(),
  approvals: each.approvals && rulesText(each.approvals),
  overrides: [...each.overrides].sort((a, b) => (place(a) < place(b) ? -1 : 1)),
  members: each.members?.toSorted(),
});

describe('a policy and its file', () => {
  it('read back what was written, and nothing is left to apply', () => {
    fc.assert(
      fc.property(file, (written) => {
        const read = readPolicy(writePolicy(written), 'policy.yaml');
        expect({ ...inOrder(read), ring: read.ring, digest: read.digest }).toEqual({
          ...inOrder(written),
          ring: written.ring,
          digest: written.digest,
        });
        expect(differences(written, read)).toEqual([]);
      }),
    );
  });

  it('are the same text for the same policy, in whatever order it came', () => {
    fc.assert(
      fc.property(file, (written) => {
        const { denied, allowed, overrides, members } = written;
        const turned = {
          ...written,
          denied: denied.toReversed(),
          allowed: allowed.toReversed(),
          overrides: overrides.toReversed(),
          members: members && members.toReversed(),
        };
        expect(writePolicy(turned)).toBe(writePolicy(written));
      }),
    );
  });

  it('differ by what makes the one of the other', () => {
    fc.assert(
      fc.property(policy, policy, (inForce, wanted) => {
        expect(inOrder(applied(inForce, wanted))).toEqual(inOrder(wanted));
      }),
    );
  });
});
