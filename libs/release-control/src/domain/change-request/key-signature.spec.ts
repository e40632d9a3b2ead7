import { describe, it } from 'vitest';
import { recordDigest as sha256OfCanonicalJson, type JsonObject, type KeyEvidence } from '#kernel';
import { byPerson, specify } from '#test/support/decider-specification';
import { BUILT_IN_POLICY } from '../approval-policy/approval-policy.js';
import { changeRequest } from './change-request.js';
import type { ApproveChange } from './commands.js';
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
const signing: ApproveChange = {
  type: 'ApproveChange',
  signature: {
    meaning: 'approved',
    signer: 'id-of-Ben',
    printedName: 'Ben',
    signedAt: ana.at,
    components: ['security-key'],
    credential: 'key-1',
    recordDigest,
  },
  policy: BUILT_IN_POLICY,
  signersNow: new Map(),
  context: byPerson('Ben', ['approver'], { auth: 'security-key' }),
};

describe("a signature with a security key's answer", () => {
  const statement = {
    form: 'holdfast/security-key/v1',
    site: 'site.example/log',
    for: 'signature',
    person: 'id-of-Ben',
    printedName: 'Ben',
    meaning: 'approved',
    recordKind: 'change-request',
    record: draft.id,
    recordDigest,
    reasonDigest: sha256OfCanonicalJson(signing.context.reason as unknown as JsonObject),
    at: ana.at,
    nonce: 'bm9uY2U',
  };
  const evidence: KeyEvidence = {
    statement,
    credentialId: 'aWQ',
    clientDataJSON: 'e30',
    authenticatorData: 'ZGF0YQ',
    signature: 'c2ln',
    publicKey: 'MFkw',
    algorithm: -7,
    origin: 'https://holdfast.site.example',
    rpId: 'holdfast.site.example',
  };
  const saying = (said: object): ApproveChange => ({
    ...signing,
    signature: { ...signing.signature, securityKey: { ...evidence, statement: { ...statement, ...said } } },
  });

  it('R19: is taken when the key was asked for just that', () =>
    given(...captured)
      .when(saying({}))
      .then({
        type: 'ChangeApproved',
        data: { signature: saying({}).signature, policyVersion: 0, roles: ['approver'], notCounted: [] },
      }));
  it.each<[string, object]>([
    ['a sign-in', { for: 'sign-in' }],
    ['another person', { person: 'id-of-Eva' }],
    ['another printed name', { printedName: 'Eva' }],
    ['another meaning', { meaning: 'rejected' }],
    ['another kind of record', { recordKind: 'trail-review' }],
    ['another request', { record: 'CR-2026-0002' }],
    ['another record', { recordDigest: 'f'.repeat(64) }],
    ['another reason', { reasonDigest: 'f'.repeat(64) }],
  ])('R19: is refused when the key was asked for %s', (_what, said) =>
    given(...captured)
      .when(saying(said))
      .thenRefused('signature-required'),
  );
});
