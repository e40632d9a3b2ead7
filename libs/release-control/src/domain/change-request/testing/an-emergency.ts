import { type CommandContext } from '#kernel';
import { byPerson } from '#test/support/decider-specification';
import {
  BUILT_IN_POLICY,
  type ApprovalPolicy,
  type Emergency,
} from '../../approval-policy/approval-policy.js';
import type { ElectronicSignature, SignatureMeaning, SignerNow } from '../../signature.js';
import type { RatifyEmergency, RefuseRatification, ReleaseEmergency } from '../commands.js';
import type { ChangeRequestEvent, OverrideChange, ResolvedChange } from '../events.js';
import { digestOf, releaseDigestOf } from '../record.js';

/** One emergency, of Olga's, and what happens to it, for its specs. */

export const TOOL = { format: 'snap', subject: 'labtoolidlabtoolidlabtoolidlab02' };
export const override: OverrideChange = {
  target: { ...TOOL, channel: 'latest/stable', architecture: 'amd64' },
  name: 'lab-tool',
  old: { version: '12', manifest: 'a'.repeat(64) },
  new: { version: '11', manifest: 'b'.repeat(64) },
};
export const olga = byPerson('Olga', ['author', 'approver'], { auth: 'password' });
export const draft = {
  id: 'CR-2026-0001',
  ring: 'production',
  author: { id: 'id-of-Olga', name: 'Olga' },
  reason: olga.reason,
  items: [{ format: 'snap', name: 'lab-tool', channel: 'stable', version: '11' }],
};

/** The request, captured with these changes. */
export function captured(...changes: readonly ResolvedChange[]): {
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
const whole = captured(override);
export const { history, recordDigest } = whole;

export const DAN = { person: 'id-of-Dan', login: 'dan' };
export const rule: Emergency = {
  onCall: [DAN, { person: 'id-of-Olga', login: 'olga' }],
  snaps: [{ ...TOOL, name: 'lab-tool' }],
  ratifyWithinHours: 12,
};
export const under = (emergency?: Emergency, more: Partial<ApprovalPolicy> = {}): ApprovalPolicy => {
  return { ...BUILT_IN_POLICY, version: 7, ...(emergency ? { emergency } : {}), ...more };
};

export const signatureBy = (
  name: string,
  meaning: SignatureMeaning,
  digest: string,
): ElectronicSignature => ({
  meaning,
  signer: `id-of-${name}`,
  printedName: name,
  signedAt: olga.at,
  components: ['password', 'totp'],
  credential: 'credential-1',
  recordDigest: digest,
});

export const release = (policy: ApprovalPolicy, more: Partial<ReleaseEmergency> = {}): ReleaseEmergency => ({
  type: 'ReleaseEmergency',
  signature: signatureBy('Olga', 'released', recordDigest),
  policy,
  context: olga,
  ...more,
});
const RATIFY_BY = '2026-11-23T00:48:14.123Z';
export const releasedBy = (signature: ElectronicSignature): ChangeRequestEvent => ({
  type: 'EmergencyReleased',
  data: { signature, policyVersion: 7, roles: ['approver'], ratifyBy: RATIFY_BY },
});
const byOlga = signatureBy('Olga', 'released', recordDigest);
export const released = releasedBy(byOlga);
export const releaseDigest = releaseDigestOf({
  ...draft,
  submittedAt: olga.at,
  changes: [override],
  release: { ...byOlga, policyVersion: 7, roles: ['approver'] },
  ratifyBy: RATIFY_BY,
});

export const context = (name: string, roles: readonly string[]): CommandContext =>
  byPerson(name, roles, { auth: 'password' });
export const now = (roles: Readonly<Record<string, readonly string[]>>): ReadonlyMap<string, SignerNow> =>
  new Map(Object.entries(roles).map(([who, held]) => [`id-of-${who}`, { roles: held, resets: 0 }]));
export const ratify = (
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
export const refuse = (name: string, roles: readonly string[]): RefuseRatification => ({
  type: 'RefuseRatification',
  signature: signatureBy(name, 'ratification-refused', releaseDigest),
  policy: under(rule),
  context: context(name, roles),
});
export const ratifiedBy = (
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
export const MORE = ['1 more signature'];
