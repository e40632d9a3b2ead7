import { byPerson, byWorker } from '#test/support/decider-specification';
import { BUILT_IN_POLICY } from '../../approval-policy/approval-policy.js';
import type { ElectronicSignature } from '../../signature.js';
import type { GrantedTemplate, Template } from '../../template/template.js';
import type { TemplateFacts, TemplateInRing } from '../../template/why-not.js';
import type { ReportCapture, UseTemplate, VoidTemplateUse } from '../commands.js';
import type { ChangeDrafted, ChangeRequestEvent, OverrideChange } from '../events.js';
import { digestOf, useDigestOf } from '../record.js';

/** One standard change, of Uma's, under a template that Ben and Cyd approved, for its specs. */

export const uma = byPerson('Uma', ['author', 'approver'], { auth: 'password' });
export const worker = byWorker('change-request/CR-2026-0009');
export const FIRMWARE = { format: 'snap', subject: 'labfwidlabfwidlabfwidlabfwidla03' };
export const template: Template = {
  name: 'standard-fw',
  snaps: [{ ...FIRMWARE, name: 'lab-fw' }],
  channels: ['latest/stable'],
  architectures: 'all',
  mostTargets: 2,
  passes: [],
  uses: { most: 2, days: 7 },
  usedBy: ['approver'],
  until: '2026-12-31T00:00:00.000Z',
};
const signedAt = '2026-11-20T09:00:00.000Z';
export const granted: GrantedTemplate = {
  name: 'standard-fw',
  version: 3,
  template,
  changeRequest: 'CR-2026-0005',
  approvedBy: [
    { person: 'id-of-Ben', name: 'Ben', signedAt },
    { person: 'id-of-Cyd', name: 'Cyd', signedAt },
  ],
};
export const ref = { name: 'standard-fw', version: 3 };
export const change: OverrideChange = {
  target: { ...FIRMWARE, channel: 'latest/stable', architecture: 'amd64' },
  name: 'lab-fw',
  old: { version: '4', manifest: 'a'.repeat(64) },
  new: { version: '5', manifest: 'b'.repeat(64) },
  difference: { lines: [{ what: 'version', old: '1.4', new: '1.5' }], marks: [] },
};
export const draftedData: ChangeDrafted['data'] = {
  id: 'CR-2026-0009',
  ring: 'production',
  author: { id: 'id-of-Uma', name: 'Uma' },
  reason: uma.reason,
  items: [{ format: 'snap', name: 'lab-fw', channel: 'stable', version: '5' }],
  template: ref,
};
export const useDigest = useDigestOf({ ...draftedData, template: ref });

export const signatureBy = (name: string, recordDigest = useDigest): ElectronicSignature => ({
  meaning: 'released-by-template',
  signer: `id-of-${name}`,
  printedName: name,
  signedAt: uma.at,
  components: ['password', 'totp'],
  credential: 'credential-1',
  recordDigest,
});
export const use: UseTemplate = {
  type: 'UseTemplate',
  signature: signatureBy('Uma'),
  policy: BUILT_IN_POLICY,
  granted,
  context: uma,
};
export const inRing: TemplateInRing = { granted, usedAt: [], withheld: [] };
export const facts: TemplateFacts = { signerNow: { roles: ['approver'], resets: 0 } };
export const report: ReportCapture = {
  type: 'ReportCapture',
  submission: 1,
  changes: [change],
  template: { ...inRing, ...facts, policy: BUILT_IN_POLICY },
  context: worker,
};

export const drafted: ChangeDrafted = { type: 'ChangeDrafted', data: draftedData };
export const signed: ChangeRequestEvent = {
  type: 'TemplateUseSigned',
  data: { signature: signatureBy('Uma'), policyVersion: 0, roles: ['approver'] },
};
export const submitted: ChangeRequestEvent = { type: 'ChangeSubmitted', data: { submission: 1, at: uma.at } };
export const recordDigest = digestOf({ ...draftedData, submittedAt: uma.at, changes: [change] });
export const captured: ChangeRequestEvent = {
  type: 'ArtefactsCaptured',
  data: { submission: 1, changes: [change], recordDigest },
};
export const approved: ChangeRequestEvent = {
  type: 'ApprovedByTemplate',
  data: {
    template: ref,
    changeRequest: 'CR-2026-0005',
    approvedBy: granted.approvedBy,
    at: worker.at,
  },
};
export const notApplied = (...why: readonly string[]): ChangeRequestEvent => ({
  type: 'TemplateDidNotApply',
  data: {
    template: ref,
    reasons: why.map((each) => `template standard-fw@3 does not apply: ${each}`),
    missing: ['1 more signature, 1 with the role approver'],
  },
});
export const started: ChangeRequestEvent = { type: 'ChangeStarted', data: { at: worker.at } };
export const begun = [drafted, signed, submitted, captured, approved, started];
/** Asked for in the night after {@link uma} acts. */
export const draftedForNight: ChangeRequestEvent = {
  type: 'ChangeDrafted',
  data: { ...draftedData, window: { notBefore: '2026-11-22T21:00:00.000Z' } },
};
export const reportWithdrawn: ReportCapture = {
  ...report,
  template: { ...inRing, ...facts, granted: null, policy: BUILT_IN_POLICY },
};
export const voided: VoidTemplateUse = {
  type: 'VoidTemplateUse',
  reasons: ['it was withdrawn'],
  policy: BUILT_IN_POLICY,
  context: worker,
};
