import { describe, expect, it } from 'vitest';
import { fold, type CommandContext } from '#kernel';
import { byPerson, byWorker, specify } from '#test/support/decider-specification';
import { BUILT_IN_POLICY, type ApprovalPolicy, type Emergency } from '../approval-policy/approval-policy.js';
import type { ElectronicSignature, SignatureMeaning, SignerNow } from '../signature.js';
import { changeRequest } from './change-request.js';
import type { RatifyEmergency, RefuseRatification, ReleaseEmergency } from './commands.js';
import type { ChangeRequestEvent, ResolvedChange } from './events.js';
import { digestOf, releaseDigestOf } from './record.js';

const { given } = specify(changeRequest);

const TOOL = { format: 'snap', subject: 'labtoolidlabtoolidlabtoolidlab02' };
const override: ResolvedChange = {
  target: { ...TOOL, channel: 'latest/stable', architecture: 'amd64' },
  name: 'lab-tool',
  old: { version: '12', manifest: 'a'.repeat(64) },
  new: { version: '11', manifest: 'b'.repeat(64) },
};
const olga = byPerson('Olga', ['author', 'approver'], { auth: 'password' });
const draft = {
  id: 'CR-2026-0001',
  ring: 'production',
  author: { id: 'id-of-Olga', name: 'Olga' },
  reason: olga.reason,
  items: [{ format: 'snap', name: 'lab-tool', channel: 'stable', version: '11' }],
};

/** The request, captured with these changes. */
function captured(...changes: readonly ResolvedChange[]): {
  readonly history: readonly ChangeRequestEvent[];
  readonly recordDigest: string;
} {
  const recordDigest = digestOf({ ...draft, submittedAt: olga.at, changes });
  const history: readonly ChangeRequestEvent[] = [
    { type: 'ChangeDrafted', data: draft },
    { type: 'ChangeSubmitted', data: { submission: 1, at: olga.at } },
    { type: 'ArtefactsCaptured', data: { submission: 1, changes, recordDigest } },
  ];
  return { history, recordDigest };
}
const { history, recordDigest } = captured(override);

const rule: Emergency = {
  onCall: ['dan', 'olga'],
  snaps: [{ ...TOOL, name: 'lab-tool' }],
  ratifyWithinHours: 12,
};
const under = (emergency?: Emergency, more: Partial<ApprovalPolicy> = {}): ApprovalPolicy => {
  return { ...BUILT_IN_POLICY, version: 7, ...(emergency ? { emergency } : {}), ...more };
};

const signatureBy = (name: string, meaning: SignatureMeaning, digest: string): ElectronicSignature => ({
  meaning,
  signer: `id-of-${name}`,
  printedName: name,
  signedAt: olga.at,
  components: ['password', 'totp'],
  credential: 'credential-1',
  recordDigest: digest,
});

const release = (policy: ApprovalPolicy, more: Partial<ReleaseEmergency> = {}): ReleaseEmergency => ({
  type: 'ReleaseEmergency',
  login: 'olga',
  signature: signatureBy('Olga', 'released', recordDigest),
  policy,
  context: olga,
  ...more,
});
const RATIFY_BY = '2026-11-23T00:48:14.123Z';
const releasedBy = (signature: ElectronicSignature): ChangeRequestEvent => ({
  type: 'EmergencyReleased',
  data: { signature, policyVersion: 7, roles: ['approver'], ratifyBy: RATIFY_BY },
});
const byOlga = signatureBy('Olga', 'released', recordDigest);
const released = releasedBy(byOlga);
const releaseDigest = releaseDigestOf({
  ...draft,
  submittedAt: olga.at,
  changes: [override],
  release: { ...byOlga, policyVersion: 7, roles: ['approver'] },
  ratifyBy: RATIFY_BY,
});

const context = (name: string, roles: readonly string[]): CommandContext =>
  byPerson(name, roles, { auth: 'password' });
const now = (roles: Readonly<Record<string, readonly string[]>>): ReadonlyMap<string, SignerNow> =>
  new Map(Object.entries(roles).map(([who, held]) => [`id-of-${who}`, { roles: held, resets: 0 }]));
const ratify = (
  name: string,
  roles: readonly string[],
  rolesNow: Readonly<Record<string, readonly string[]>> = {},
  policy = under(rule),
): RatifyEmergency => ({
  type: 'RatifyEmergency',
  signature: signatureBy(name, 'ratified', releaseDigest),
  policy,
  signersNow: now(rolesNow),
  context: context(name, roles),
});
const refuse = (name: string, roles: readonly string[]): RefuseRatification => ({
  type: 'RefuseRatification',
  signature: signatureBy(name, 'ratification-refused', releaseDigest),
  policy: under(rule),
  context: context(name, roles),
});
const ratifiedBy = (
  name: string,
  missing: readonly string[],
  notCounted: readonly string[] = [],
): ChangeRequestEvent => {
  const data = {
    signature: signatureBy(name, 'ratified', releaseDigest),
    policyVersion: 7,
    roles: ['approver'],
    notCounted,
  };
  return missing.length === 0
    ? { type: 'EmergencyRatified', data }
    : { type: 'RatificationSigned', data: { ...data, missing } };
};
const MORE = ['1 more signature'];

describe('R26: an emergency', () => {
  it('is released by one who is on call, also their own request, with the policy’s version and until when it is to be ratified', () =>
    given(...history)
      .when(release(under(rule)))
      .then(released));

  it('is no approval: the request is released, and what was signed says so', () =>
    expect(fold(changeRequest, [...history, released])).toMatchObject({
      status: 'released',
      signature: { meaning: 'released' },
      emergency: { ratification: 'open', signatures: [] },
    }));

  it('is also of all snaps, where the policy says so', () =>
    given(...history)
      .when(release(under({ ...rule, snaps: 'all' })))
      .then(released));

  it('is refused where the policy pre-authorises none', () =>
    given(...history)
      .when(release(under()))
      .thenRefused('not-pre-authorised'));

  it('is refused to who is not on call at that moment, whoever was when it was drafted', () =>
    given(...history)
      .when(release(under({ ...rule, onCall: ['dan'] })))
      .thenRefused('not-on-call'));

  it.each([[['author']], [['author', 'operator']], [['author', 'approver', 'admin']], [[]]])(
    'is refused to who holds the roles %j at that moment',
    (roles) =>
      given(...history)
        .when(release(under(rule), { context: context('Olga', roles) }))
        .thenRefused('not-an-approver'),
  );

  it('is of a snap by what it is, and not by its name', () => {
    const transferred = { ...rule, snaps: [{ ...TOOL, subject: 'another', name: 'lab-tool' }] };
    given(...history)
      .when(release(under(transferred)))
      .thenRefused('not-pre-authorised');
  });

  const OTHERS: readonly ResolvedChange[] = [
    { kind: 'access', old: 'gated', new: 'open' },
    { kind: 'listing', ...TOOL, name: 'lab-tool', old: null, new: 'allowed' },
    { kind: 'publisher-changes', old: 'block', new: 'keep' },
    { kind: 'block', ...TOOL, name: 'lab-tool', old: 'blocked', new: null },
    { kind: 'approval-policy', old: BUILT_IN_POLICY, new: { ...BUILT_IN_POLICY, emergency: rule } },
    { kind: 'ring-halt', old: [], new: [] },
    { kind: 'halt', ...TOOL, name: 'lab-tool', old: [], new: [] },
  ];
  it.each(OTHERS.map((change) => [change.kind, change] as const))(
    'changes no %s, also beside an override that is pre-authorised',
    (_kind, change) => {
      const both = captured(override, change);
      const signature = signatureBy('Olga', 'released', both.recordDigest);
      given(...both.history)
        .when(release(under({ ...rule, snaps: 'all' }), { signature }))
        .thenRefused('not-pre-authorised');
    },
  );

  it('takes the password at that act, the meaning, and the exact record', () => {
    const refused = (more: Partial<ReleaseEmergency>, code: string) =>
      given(...history)
        .when(release(under(rule), more))
        .thenRefused(code);
    refused({ context: byPerson('Olga', ['approver']) }, 'signature-required');
    refused({ signature: signatureBy('Olga', 'approved', recordDigest) }, 'signature-required');
    refused({ signature: signatureBy('Ben', 'released', recordDigest) }, 'signature-required');
    refused({ signature: signatureBy('Olga', 'released', 'c'.repeat(64)) }, 'record-changed');
    refused({ context: byWorker('change-request/CR-2026-0001') }, 'not-an-author');
  });

  it('is released once, and neither approved nor withdrawn after it', () => {
    given(...history, released)
      .when(release(under(rule)))
      .thenRefused('not-allowed-in-status');
    given(...history, released)
      .when({ type: 'WithdrawChange', context: olga })
      .thenRefused('not-allowed-in-status');
  });
});

describe('R26, R27: the ratification of an emergency', () => {
  it('takes two persons, where one would have approved', () => {
    given(...history, released)
      .when(ratify('Ben', ['approver']))
      .then(ratifiedBy('Ben', MORE));
    given(...history, released, ratifiedBy('Ben', MORE))
      .when(ratify('Eva', ['approver'], { Ben: ['approver'] }))
      .then(ratifiedBy('Eva', []));
  });

  it('takes as many as the policy in force asks for, and in their roles', () => {
    const three = under(rule, { default: { approvals: 3, roles: { qa: 1 }, order: 'any' } });
    given(...history, released, ratifiedBy('Ben', MORE))
      .when(ratify('Eva', ['approver'], { Ben: ['approver'] }, three))
      .then(ratifiedBy('Eva', ['1 more signature, 1 with the role qa']));
  });

  it('is nobody’s who released it', () => {
    const byDan = releasedBy(signatureBy('Dan', 'released', recordDigest));
    given(...history, byDan)
      .when(ratify('Dan', ['approver']))
      .thenRefused('releaser-cannot-ratify');
    given(...history, byDan)
      .when(refuse('Dan', ['approver']))
      .thenRefused('releaser-cannot-ratify');
  });

  it('is nobody’s who wrote the request', () =>
    given(...history, released)
      .when(ratify('Olga', ['author', 'approver']))
      .thenRefused('author-cannot-approve'));

  it('is no one person’s, however often they sign', () =>
    given(...history, released, ratifiedBy('Ben', MORE))
      .when(ratify('Ben', ['approver'], { Ben: ['approver'] }))
      .thenRefused('already-signed'));

  it('does not count who lost the role meanwhile, and says so', () =>
    given(...history, released, ratifiedBy('Ben', MORE))
      .when(ratify('Eva', ['approver'], { Ben: ['author'] }))
      .then(ratifiedBy('Eva', MORE, ['id-of-Ben'])));

  it('counts no approval from before the release, and takes no signature over the record alone', () => {
    const signed: ChangeRequestEvent = {
      type: 'ApprovalSigned',
      data: {
        signature: signatureBy('Ben', 'approved', recordDigest),
        policyVersion: 7,
        roles: ['approver'],
        missing: MORE,
        notCounted: [],
      },
    };
    given(...history, signed, released)
      .when(ratify('Eva', ['approver']))
      .then(ratifiedBy('Eva', MORE));
    given(...history, released)
      .when({ ...ratify('Ben', ['approver']), signature: signatureBy('Ben', 'ratified', recordDigest) })
      .thenRefused('record-changed');
  });

  it('goes on while the change is applied', () => {
    const applied: ChangeRequestEvent = {
      type: 'ChangeApplied',
      data: { policy: 'release-policy/production' },
    };
    const state = fold(changeRequest, [
      ...history,
      released,
      ratifiedBy('Ben', MORE),
      applied,
      ratifiedBy('Eva', []),
    ]);
    expect(state).toMatchObject({ status: 'effective', emergency: { ratification: 'ratified' } });
    expect('signatures' in state && state.signatures?.map(({ meaning }) => meaning)).toEqual([
      'released',
      'ratified',
      'ratified',
    ]);
  });

  it('is waited for before the request is closed', () => {
    const applied: ChangeRequestEvent = {
      type: 'ChangeApplied',
      data: { policy: 'release-policy/production' },
    };
    const verified: ChangeRequestEvent = {
      type: 'ChangeVerified',
      data: {
        by: { id: 'id-of-Eva', name: 'Eva' },
        at: olga.at,
        lookedAt: 'devices 1 to 3',
        figures: [],
        figuresLeftOut: 0,
      },
    };
    const close = { type: 'CloseChange', context: byPerson('Cyd', ['qa']) } as const;
    given(...history, released, applied, verified)
      .when(close)
      .thenRefused('not-ratified');
    given(...history, released, applied, verified, ratifiedBy('Ben', MORE), ratifiedBy('Eva', []))
      .when(close)
      .then({ type: 'ChangeClosed', data: { by: { id: 'id-of-Cyd', name: 'Cyd' }, at: close.context.at } });
  });

  it('is refused by one, and then neither given nor refused again', () => {
    const refused: ChangeRequestEvent = {
      type: 'RatificationRefused',
      data: {
        signature: signatureBy('Ben', 'ratification-refused', releaseDigest),
        policyVersion: 7,
        roles: ['approver'],
      },
    };
    given(...history, released)
      .when(refuse('Ben', ['approver']))
      .then(refused);
    for (const again of [ratify('Eva', ['approver']), refuse('Eva', ['approver'])])
      given(...history, released, refused)
        .when(again)
        .thenRefused('not-allowed-in-status');
  });

  it('is of nothing that was approved before, or never took effect', () => {
    given(...history)
      .when(ratify('Ben', ['approver']))
      .thenRefused('not-an-emergency');
    given(...history, released, { type: 'ChangeBecameStale', data: { mismatches: [] } })
      .when(ratify('Ben', ['approver']))
      .thenRefused('not-allowed-in-status');
  });
});
