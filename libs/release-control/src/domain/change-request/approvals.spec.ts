import { describe, expect, it } from 'vitest';
import { fold } from '#kernel';
import { byPerson, specify } from '#test/support/decider-specification';
import {
  BUILT_IN_POLICY,
  type ApprovalPolicy,
  type ApprovalRule,
} from '../approval-policy/approval-policy.js';
import type { ElectronicSignature } from '../signature.js';
import { changeRequest } from './change-request.js';
import type { ApproveChange, RejectChange } from './commands.js';
import type { ChangeItem } from './change-item.js';
import type { ChangeRequestEvent, ResolvedChange } from './events.js';
import { digestOf } from './record.js';

const { given } = specify(changeRequest);

const ana = byPerson('Ana', ['author']);
const item: ChangeItem = { kind: 'access', access: 'gated' };
const change: ResolvedChange = { kind: 'access', old: 'open', new: 'gated' };
const author = { id: 'id-of-Ana', name: 'Ana' };
const draft = { id: 'CR-2026-0001', ring: 'default', author, reason: ana.reason, items: [item] };
const recordDigest = digestOf({ ...draft, submittedAt: ana.at, changes: [change] });
const captured: readonly ChangeRequestEvent[] = [
  { type: 'ChangeDrafted', data: draft },
  { type: 'ChangeSubmitted', data: { submission: 1, at: ana.at } },
  { type: 'ArtefactsCaptured', data: { submission: 1, changes: [change], recordDigest } },
];

const policy = (version: number, rule: Partial<ApprovalRule> & { approvals: number }): ApprovalPolicy => {
  return { version, changeRequest: 'CR-2026-0000', default: { roles: {}, order: 'any', ...rule }, kinds: {} };
};
const two = policy(3, { approvals: 2 });
const twoWithQa = policy(4, { approvals: 2, roles: { qa: 1 } });
const inOrder = policy(5, { approvals: 2, order: ['approver', 'qa'] });

const signatureBy = (
  name: string,
  meaning: ElectronicSignature['meaning'] = 'approved',
  resets = 0,
): ElectronicSignature => ({
  meaning,
  signer: `id-of-${name}`,
  printedName: name,
  signedAt: ana.at,
  components: ['password'],
  credential: 'credential-1',
  ...(resets === 0 ? {} : { resets }),
  recordDigest,
});

/** A person's signature, under a policy, with who else signed and what they are now. */
const approve = (
  name: string,
  roles: readonly string[],
  under: ApprovalPolicy,
  rolesNow: Readonly<Record<string, readonly string[]>> = {},
  resets: Readonly<Record<string, number>> = {},
): ApproveChange => ({
  type: 'ApproveChange',
  signature: signatureBy(name, 'approved', resets[name]),
  policy: under,
  signersNow: new Map(
    Object.entries(rolesNow).map(([who, roles]) => [`id-of-${who}`, { roles, resets: resets[who] ?? 0 }]),
  ),
  context: byPerson(name, roles, { auth: 'password' }),
});
const reject = (name: string, roles: readonly string[], under: ApprovalPolicy): RejectChange => ({
  type: 'RejectChange',
  signature: signatureBy(name, 'rejected'),
  policy: under,
  context: byPerson(name, roles, { auth: 'password' }),
});

const signed = (
  name: string,
  roles: readonly string[],
  policyVersion: number,
  missing: readonly string[],
  notCounted: readonly string[] = [],
): ChangeRequestEvent => ({
  type: 'ApprovalSigned',
  data: { signature: signatureBy(name), policyVersion, roles, missing, notCounted },
});
const approved = (
  name: string,
  roles: readonly string[],
  policyVersion: number,
  notCounted: readonly string[] = [],
): ChangeRequestEvent => ({
  type: 'ChangeApproved',
  data: { signature: signatureBy(name), policyVersion, roles, notCounted },
});

describe('R26: several signatures', () => {
  it('are each recorded, with the policy’s version, the signer’s roles, and what is missing after it', () => {
    given(...captured)
      .when(approve('Ben', ['approver', 'auditor'], two))
      .then(signed('Ben', ['approver'], 3, ['1 more signature']));
    given(...captured, signed('Ben', ['approver'], 3, ['1 more signature']))
      .when(approve('Eva', ['qa'], two, { Ben: ['approver'] }))
      .then(approved('Eva', ['qa'], 3));
  });

  it('are one under the built-in policy, of which the version is recorded too', () =>
    given(...captured)
      .when(approve('Ben', ['approver'], BUILT_IN_POLICY))
      .then(approved('Ben', ['approver'], 0)));

  it('stand in the request, in their order', () => {
    const state = fold(changeRequest, [
      ...captured,
      signed('Ben', ['approver'], 3, ['1 more signature']),
      approved('Eva', ['qa'], 3),
    ]);
    expect(state).toMatchObject({
      status: 'approved',
      signature: signatureBy('Eva'),
      signatures: [
        { ...signatureBy('Ben'), policyVersion: 3, roles: ['approver'] },
        { ...signatureBy('Eva'), policyVersion: 3, roles: ['qa'] },
      ],
    });
  });

  it('are one, and do not say what it was made under, in requests from before there were policies', () => {
    const once: ChangeRequestEvent = { type: 'ChangeApproved', data: { signature: signatureBy('Ben') } };
    expect(fold(changeRequest, [...captured, once])).toMatchObject({
      status: 'approved',
      signatures: [signatureBy('Ben')],
      notCounted: [],
    });
  });

  it('take a role that the policy asks for, and say so to who does not hold it', () => {
    const ben = signed('Ben', ['approver'], 4, ['1 more signature, 1 with the role qa']);
    given(...captured, ben)
      .when(approve('Eva', ['approver'], twoWithQa, { Ben: ['approver'] }))
      .thenRefused('signature-not-needed');
    given(...captured, ben)
      .when(approve('Eva', ['qa'], twoWithQa, { Ben: ['approver'] }))
      .then(approved('Eva', ['qa'], 4));
    expect(() =>
      changeRequest.decide(
        approve('Eva', ['approver'], twoWithQa, { Ben: ['approver'] }),
        fold(changeRequest, [...captured, ben]),
      ),
    ).toThrow(
      'a signature by Eva, in the role approver, is not asked for: CR-2026-0001 needs 1 more signature, 1 with the role qa',
    );
  });

  it('come in the policy’s order', () => {
    given(...captured)
      .when(approve('Eva', ['qa'], inOrder))
      .thenRefused('signature-not-needed');
    const ben = signed('Ben', ['approver'], 5, ['the next signature with the role qa']);
    given(...captured)
      .when(approve('Ben', ['approver'], inOrder))
      .then(ben);
    given(...captured, ben)
      .when(approve('Eva', ['qa'], inOrder, { Ben: ['approver'] }))
      .then(approved('Eva', ['qa'], 5));
  });

  it('are those that the rule for the kind of change asks for', () => {
    const rules: ApprovalPolicy = { ...two, kinds: { access: twoWithQa.default } };
    given(...captured)
      .when(approve('Ben', ['approver'], rules))
      .then(signed('Ben', ['approver'], 3, ['1 more signature, 1 with the role qa']));
  });
});

describe('R27: those who may not sign', () => {
  const ben = signed('Ben', ['approver'], 3, ['1 more signature']);
  const now = { Ben: ['approver'] };

  it('are who signed already', () =>
    given(...captured, ben)
      .when(approve('Ben', ['approver'], two, now))
      .thenRefused('already-signed'));
  it('are who signed already, in another role', () =>
    given(...captured, ben)
      .when(approve('Ben', ['approver', 'qa'], two, { Ben: ['approver', 'qa'] }))
      .thenRefused('already-signed'));
  it('are the author, whatever roles they hold, also as the second', () => {
    for (const history of [captured, [...captured, ben]])
      given(...history)
        .when(approve('Ana', ['author', 'approver', 'qa'], two, now))
        .thenRefused('author-cannot-approve');
  });
  it('are admins, also as the second', () =>
    given(...captured, ben)
      .when(approve('Eva', ['admin', 'qa'], two, now))
      .thenRefused('not-an-approver'));
  it('are who hold no role that signs', () =>
    given(...captured, ben)
      .when(approve('Eva', ['author', 'operator', 'auditor'], two, now))
      .thenRefused('not-an-approver'));
  it('are who read another record than the first did', () =>
    given(...captured, ben)
      .when({
        ...approve('Eva', ['approver'], two, now),
        signature: { ...signatureBy('Eva'), recordDigest: 'f'.repeat(64) },
      })
      .thenRefused('record-changed'));
  it('are who was asked without knowing of a signature that came meanwhile', () =>
    given(...captured, ben)
      .when(approve('Eva', ['approver'], two))
      .thenRefused('signed-meanwhile'));
});

describe('R27: a role that changes between two signatures', () => {
  const ben = signed('Ben', ['approver'], 3, ['1 more signature']);

  it.each([
    ['was disabled, or lost every role that signs', []],
    ['became an admin', ['admin']],
    ['lost the role that was signed in, and got another', ['qa']],
  ])('takes the signature of who %s out of the count, and says so', (_what, held) =>
    given(...captured, ben)
      .when(approve('Eva', ['approver'], two, { Ben: held }))
      .then(signed('Eva', ['approver'], 3, ['1 more signature'], ['id-of-Ben'])),
  );

  it('lets who got a role back count again', () =>
    given(...captured, ben, signed('Eva', ['approver'], 3, ['1 more signature'], ['id-of-Ben']))
      .when(approve('Cyd', ['approver'], two, { Ben: ['approver'], Eva: [] }))
      .then(approved('Cyd', ['approver'], 3, ['id-of-Eva'])));

  it('lets who signs in another role by now sign again, and counts them once', () => {
    const again = signed('Ben', ['qa'], 3, ['1 more signature']);
    given(...captured, ben)
      .when(approve('Ben', ['qa'], two, { Ben: ['qa'] }))
      .then(again);
    given(...captured, ben, again)
      .when(approve('Eva', ['approver'], two, { Ben: ['qa'] }))
      .then(approved('Eva', ['approver'], 3));
  });
});

describe('R24: a signer who is reset between two signatures', () => {
  const ben = signed('Ben', ['approver'], 3, ['1 more signature']);
  const now = { Ben: ['approver'] };
  const again: ChangeRequestEvent = {
    type: 'ApprovalSigned',
    data: {
      signature: signatureBy('Ben', 'approved', 1),
      policyVersion: 3,
      roles: ['approver'],
      missing: ['1 more signature'],
      notCounted: [],
    },
  };

  it('does not count, whoever made the signature with credentials that are void by now', () =>
    given(...captured, ben)
      .when(approve('Eva', ['approver'], two, now, { Ben: 1 }))
      .then(signed('Eva', ['approver'], 3, ['1 more signature'], ['id-of-Ben'])));
  it('may sign again, and is counted once', () => {
    given(...captured, ben)
      .when(approve('Ben', ['approver'], two, now, { Ben: 1 }))
      .then(again);
    given(...captured, ben, again)
      .when(approve('Eva', ['approver'], two, now, { Ben: 1 }))
      .then(approved('Eva', ['approver'], 3));
    given(...captured, ben, again)
      .when(approve('Ben', ['approver'], two, now, { Ben: 1 }))
      .thenRefused('already-signed');
  });
  it('does not count any more once reset again', () =>
    given(...captured, ben, again)
      .when(approve('Eva', ['approver'], two, now, { Ben: 2 }))
      .then(signed('Eva', ['approver'], 3, ['1 more signature'], ['id-of-Ben'])));
});

describe('R26: a policy that changes between two signatures', () => {
  it('counts as it is when the next one signs: stricter', () => {
    const ben = signed('Ben', ['approver'], 3, ['1 more signature']);
    given(...captured, ben)
      .when(
        approve('Eva', ['approver'], policy(9, { approvals: 3, roles: { qa: 1 } }), { Ben: ['approver'] }),
      )
      .then(signed('Eva', ['approver'], 9, ['1 more signature, 1 with the role qa']));
  });

  it('counts as it is when the next one signs: less strict, and then any one more completes it', () => {
    const ben = signed('Ben', ['approver'], 3, ['1 more signature']);
    given(...captured, ben)
      .when(approve('Eva', ['qa'], BUILT_IN_POLICY, { Ben: ['approver'] }))
      .then(approved('Eva', ['qa'], 0));
    given(...captured, ben)
      .when(approve('Ben', ['approver'], BUILT_IN_POLICY, { Ben: ['approver'] }))
      .then(approved('Ben', ['approver'], 0));
  });

  it('is completed also by who signed before, whose turn in the order was then', () => {
    const more = ['1 more signature'];
    const both = [signed('Ben', ['approver'], 3, ['2 more signatures']), signed('Eva', ['qa'], 3, more)];
    given(...captured, ...both)
      .when(approve('Ben', ['approver'], inOrder, { Ben: ['approver'], Eva: ['qa'] }))
      .then(approved('Ben', ['approver'], 5));
  });
});

describe('a request in review', () => {
  const ben = signed('Ben', ['approver'], 3, ['1 more signature']);

  it('is rejected by one, under the policy that is recorded with it', () =>
    given(...captured, ben)
      .when(reject('Eva', ['qa'], two))
      .then({
        type: 'ChangeRejected',
        data: { signature: signatureBy('Eva', 'rejected'), policyVersion: 3, roles: ['qa'] },
      }));
  it('is not rejected by its author', () =>
    given(...captured, ben)
      .when(reject('Ana', ['author', 'approver'], two))
      .thenRefused('author-cannot-approve'));
  it('is withdrawn by its author, and keeps what was signed', () => {
    given(...captured, ben)
      .when({ type: 'WithdrawChange', context: ana })
      .then({ type: 'ChangeWithdrawn', data: { from: 'in-review' } });
    const eva = signed('Eva', ['approver'], 3, ['1 more signature'], ['id-of-Ben']);
    const withdrawn: ChangeRequestEvent = { type: 'ChangeWithdrawn', data: { from: 'in-review' } };
    expect(fold(changeRequest, [...captured, ben, eva, withdrawn])).toMatchObject({
      status: 'withdrawn',
      signatures: [signatureBy('Ben'), signatureBy('Eva')],
      notCounted: ['id-of-Ben'],
    });
  });
});

describe('roles of rings', () => {
  it('R28: sign in their ring, and count in it', () => {
    given(...captured)
      .when(approve('Ben', ['approver@default'], BUILT_IN_POLICY))
      .then({
        type: 'ChangeApproved',
        data: { signature: signatureBy('Ben'), policyVersion: 0, roles: ['approver'], notCounted: [] },
      });
    given(...captured)
      .when(approve('Ben', ['approver@pilot', 'qa@production', 'author'], BUILT_IN_POLICY))
      .thenRefused('not-an-approver');
    given(...captured)
      .when(reject('Ben', ['approver@pilot'], BUILT_IN_POLICY))
      .thenRefused('not-an-approver');
  });

  it('R26, R28: count no more for who holds the role elsewhere by now', () => {
    const first = signed('Ben', ['approver'], 3, ['1 more signature']);
    given(...captured, first)
      .when(approve('Cyd', ['qa@default'], two, { Ben: ['approver@default'] }))
      .then({
        type: 'ChangeApproved',
        data: { signature: signatureBy('Cyd'), policyVersion: 3, roles: ['qa'], notCounted: [] },
      });
    given(...captured, first)
      .when(approve('Cyd', ['qa@default'], two, { Ben: ['approver@pilot'] }))
      .then(signed('Cyd', ['qa'], 3, ['1 more signature'], ['id-of-Ben']));
  });

  it('R28: draft and submit in their ring', () => {
    const drafting = {
      type: 'DraftChange',
      id: draft.id,
      ring: 'default',
      items: [item],
      submit: false,
    } as const;
    const [drafted] = captured;
    if (!drafted) throw new Error('the first event is the draft');
    given()
      .when({ ...drafting, context: byPerson('Ana', ['author@default']) })
      .then(drafted);
    given()
      .when({ ...drafting, context: byPerson('Ana', ['author@pilot']) })
      .thenRefused('not-an-author');
    given(drafted)
      .when({ type: 'SubmitChange', context: byPerson('Ana', ['author@pilot', 'approver']) })
      .thenRefused('not-an-author');
    given(drafted)
      .when({ type: 'SubmitChange', context: byPerson('Ana', ['author@default']) })
      .then({ type: 'ChangeSubmitted', data: { submission: 1, at: ana.at } });
  });
});
