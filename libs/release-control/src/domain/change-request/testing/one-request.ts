import { byPerson, byWorker } from '#test/support/decider-specification';
import { BUILT_IN_POLICY } from '../../approval-policy/approval-policy.js';
import type { ElectronicSignature } from '../../signature.js';
import type { OverrideItem } from '../change-item.js';
import type { ApproveChange, DraftChange, ReportCapture, VerifyChange } from '../commands.js';
import type { ArtefactsCaptured, ChangeDrafted, ChangeRequestEvent, OverrideChange } from '../events.js';
import type { TicketReport } from '../ticket.js';
import type { DeliveryFigures, Verification } from '../verification.js';
import { digestOf } from '../record.js';

/** One request, of Ana's, and what happens to it, for the specs of its life. */

export const ana = byPerson('Ana', ['author']);
export const ben = byPerson('Ben', ['approver'], { auth: 'password' });
export const worker = byWorker('change-request/CR-2026-0001');

export const item: OverrideItem = {
  format: 'snap',
  name: 'lab-hello',
  channel: 'latest/stable',
  version: '1',
};
export const change: OverrideChange = {
  target: {
    format: 'snap',
    subject: 'labhelloidlabhelloidlabhelloid01',
    channel: 'latest/stable',
    architecture: 'amd64',
  },
  name: 'lab-hello',
  old: null,
  new: { version: '1', manifest: 'a'.repeat(64) },
};
export const author = { id: 'id-of-Ana', name: 'Ana' };
export const draftedData = { id: 'CR-2026-0001', ring: 'default', author, reason: ana.reason, items: [item] };
export const recordDigest = digestOf({ ...draftedData, submittedAt: ana.at, changes: [change] });

export const signatureBy = (name: string, meaning: ElectronicSignature['meaning']): ElectronicSignature => ({
  meaning,
  signer: `id-of-${name}`,
  printedName: name,
  signedAt: ana.at,
  components: ['password'],
  credential: 'credential-1',
  recordDigest,
});

export const drafted: ChangeRequestEvent = { type: 'ChangeDrafted', data: draftedData };
export const submitted: ChangeRequestEvent = { type: 'ChangeSubmitted', data: { submission: 1, at: ana.at } };
export const submittedAgain: ChangeRequestEvent = {
  type: 'ChangeSubmitted',
  data: { submission: 2, at: ana.at },
};
export const refused: ChangeRequestEvent = {
  type: 'CaptureRefused',
  data: {
    submission: 1,
    failures: [{ item, code: 'revision-not-found', message: 'lab-hello has no revision 1' }],
  },
};
export const captured: ArtefactsCaptured = {
  type: 'ArtefactsCaptured',
  data: { submission: 1, changes: [change], recordDigest },
};
export const under = { policyVersion: 0, roles: ['approver'] };
export const approval = { signature: signatureBy('Ben', 'approved'), ...under, notCounted: [] };
export const approved: ChangeRequestEvent = { type: 'ChangeApproved', data: approval };
export const signed: ChangeRequestEvent = {
  type: 'ApprovalSigned',
  data: { ...approval, signature: signatureBy('Eva', 'approved'), missing: ['1 more signature'] },
};
export const rejected: ChangeRequestEvent = {
  type: 'ChangeRejected',
  data: { signature: signatureBy('Ben', 'rejected'), ...under },
};
export const released: ChangeRequestEvent = {
  type: 'EmergencyReleased',
  data: { signature: signatureBy('Ben', 'released'), ...under, ratifyBy: '2026-11-23T00:48:14.123Z' },
};
export const withdrawn: ChangeRequestEvent = { type: 'ChangeWithdrawn', data: { from: 'captured' } };
/** The night after the request was made: {@link ana} acts at noon before. */
export const night = {
  notBefore: '2026-11-22T21:00:00.000Z',
  notAfter: '2026-11-23T03:00:00.000Z',
} as const;
export const dayAfter = '2026-11-23T08:00:00.000Z';
export const draftedForNight: ChangeRequestEvent = {
  type: 'ChangeDrafted',
  data: { ...draftedData, window: night },
};
export const expired: ChangeRequestEvent = {
  type: 'ChangeExpired',
  data: { from: 'scheduled', notAfter: night.notAfter },
};
export const recalled: ChangeRequestEvent = {
  type: 'ChangeRecalled',
  data: { from: 'approved', by: author },
};
export const started: ChangeRequestEvent = { type: 'ChangeStarted', data: { at: ana.at } };
export const stale: ChangeRequestEvent = {
  type: 'ChangeBecameStale',
  data: {
    mismatches: [
      { target: change.target, expected: null, found: { version: '5', manifest: 'b'.repeat(64) } },
    ],
  },
};
export const applied: ChangeRequestEvent = {
  type: 'ChangeApplied',
  data: { policy: 'release-policy/default' },
};

export const TICKET = {
  system: 'servicedesk',
  id: 'CHG-2042',
  url: 'https://tickets.example/CHG-2042',
} as const;
export const draftedWithTicket: ChangeDrafted = {
  type: 'ChangeDrafted',
  data: { ...draftedData, ticket: TICKET },
};
export const ticketReport: TicketReport = {
  message: 'msg_1',
  ticket: { system: 'servicedesk', id: 'CHG-2042' },
  revision: 1,
  state: 'approved',
  by: 'jane.doe',
  at: '2026-11-22T12:40:00.000Z',
};

export const figures: DeliveryFigures = {
  name: 'lab-hello',
  subject: 'labhelloidlabhelloidlabhelloid01',
  version: '1',
  offered: 3,
  downloaded: 2,
  installed: 2,
};
export const found: Verification = {
  by: { id: 'id-of-Eva', name: 'Eva' },
  at: ana.at,
  lookedAt: 'devices 1, 2 and 3, per TP-88',
  figures: [figures],
  figuresLeftOut: 0,
};
export const verified: ChangeRequestEvent = { type: 'ChangeVerified', data: found };
export const failed: ChangeRequestEvent = { type: 'VerificationFailed', data: found };
export const closed: ChangeRequestEvent = {
  type: 'ChangeClosed',
  data: { by: { id: 'id-of-Fay', name: 'Fay' }, at: ana.at },
};
export const fay = byPerson('Fay', ['qa']);
export const eva = byPerson('Eva', ['qa']);
export const verify: VerifyChange = {
  type: 'VerifyChange',
  policy: BUILT_IN_POLICY,
  passed: true,
  lookedAt: 'devices 1, 2 and 3, per TP-88',
  figures: [figures],
  context: eva,
};

export const draft: DraftChange = {
  type: 'DraftChange',
  id: 'CR-2026-0001',
  ring: 'default',
  items: [item],
  submit: false,
  context: ana,
};
export const approve: ApproveChange = {
  type: 'ApproveChange',
  signature: signatureBy('Ben', 'approved'),
  policy: BUILT_IN_POLICY,
  signersNow: new Map(),
  context: ben,
};
export const report: ReportCapture = {
  type: 'ReportCapture',
  submission: 1,
  changes: [change],
  context: worker,
};
