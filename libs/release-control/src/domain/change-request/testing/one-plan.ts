import { BUILT_IN_POLICY, type ApprovalPolicy } from '../../approval-policy/approval-policy.js';
import type { DraftChange } from '../commands.js';
import type { StartStage } from '../plan-commands.js';
import type { ChangeRequestEvent, OverrideChange } from '../events.js';
import type { Stage } from '../plan.js';
import type { PlanStopped } from '../plan-events.js';
import { digestOf } from '../record.js';
import { ana, approval, author, change, found, item, signatureBy, submitted, worker } from './one-request.js';

/** One plan, of Ana's: from canary to pilot after a day and a verification, and a day later to production. */

export const stages: readonly Stage[] = [
  { ring: 'pilot', soakHours: 24, verified: true },
  { ring: 'production', soakHours: 24, verified: false },
];
export const RINGS = ['canary', 'pilot', 'production'] as const;
export const changes: readonly OverrideChange[] = RINGS.map((ring) =>
  ring === 'canary' ? change : { ...change, ring },
);
/** What it is to be over by: long after {@link ana} acts. */
export const window = { notAfter: '2026-12-22T00:00:00.000Z' };
export const tooLate = '2026-12-23T00:00:00.000Z';
export const dayTwo = '2026-11-23T12:48:14.123Z';
export const dayThree = '2026-11-24T12:48:14.123Z';

export const draftedData = {
  id: 'CR-2026-0001',
  ring: 'canary',
  author,
  reason: ana.reason,
  items: [item],
  window,
  stages,
};
export const recordDigest = digestOf({ ...draftedData, submittedAt: ana.at, changes });
export const draftPlan: DraftChange = {
  type: 'DraftChange',
  id: 'CR-2026-0001',
  ring: 'canary',
  items: [item],
  window,
  stages,
  submit: false,
  context: ana,
};

export const captured: readonly ChangeRequestEvent[] = [
  { type: 'ChangeDrafted', data: draftedData },
  submitted,
  { type: 'ArtefactsCaptured', data: { submission: 1, changes, recordDigest } },
];

/** Of Ben, who holds the role approver in every ring. */
export const signatureData = {
  ...approval,
  signature: { ...approval.signature, recordDigest },
  stages: stages.map(({ ring }) => ({ ring, policyVersion: 0, roles: ['approver'] })),
};
export const signersNow = new Map([['id-of-Ben', { roles: ['approver'], resets: 0 }]]);

export const approvedPlan: ChangeRequestEvent[] = [
  ...captured,
  { type: 'ChangeApproved', data: signatureData },
];
export const startedPlan: ChangeRequestEvent[] = [
  ...approvedPlan,
  { type: 'ChangeStarted', data: { at: ana.at } },
];

const at = [ana.at, dayTwo, dayThree];
export const stageApplied = (stage: number): ChangeRequestEvent => {
  const ring = RINGS[stage - 1] ?? '';
  const policy = `release-policy/${ring}`;
  return { type: 'StageApplied', data: { stage, ring, at: at[stage - 1] ?? '', policy } };
};
export const stageStarted = (stage: number): ChangeRequestEvent => {
  const ring = RINGS[stage - 1] ?? '';
  return {
    type: 'StageStarted',
    data: { stage, ring, at: at[stage - 1] ?? '', policyVersion: 0, notCounted: [] },
  };
};
export const rollingOut: ChangeRequestEvent[] = [...startedPlan, stageApplied(1)];
export const stageVerified: ChangeRequestEvent = {
  type: 'StageVerified',
  data: { stage: 1, ring: 'canary', ...found },
};
export const beforeLast: ChangeRequestEvent[] = [
  ...rollingOut,
  stageVerified,
  stageStarted(2),
  stageApplied(2),
  stageStarted(3),
];
export const stopped: PlanStopped = {
  type: 'PlanStopped',
  data: { stage: 2, ring: 'pilot', because: 'recalled', by: author, mismatches: [] },
};

/** On day two, with nothing halted, by the rule that every ring begins with. */
export const start: StartStage = {
  type: 'StartStage',
  policy: BUILT_IN_POLICY,
  signersNow,
  halted: [],
  applied: false,
  context: { ...worker, at: dayTwo },
};

/** Asks for QA beside an approver. */
export const qaToo: ApprovalPolicy = {
  ...BUILT_IN_POLICY,
  version: 4,
  default: { approvals: 2, roles: { approver: 1, qa: 1 }, order: 'any' },
};

export const evasSignature = { ...signatureBy('Eva', 'approved'), recordDigest };
/** What Eva's signature is recorded as, who holds the role qa in every ring, where production asks for QA. */
export const evasData = {
  signature: evasSignature,
  policyVersion: 0,
  roles: ['qa'],
  stages: [
    { ring: 'pilot', policyVersion: 0, roles: ['qa'] },
    { ring: 'production', policyVersion: 4, roles: ['qa'] },
  ],
};
