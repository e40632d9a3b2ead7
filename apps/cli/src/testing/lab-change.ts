import { recordDigest } from '#kernel';

/** A request as control shows it, for specs of the commands. */

export const REASON = ['--reason', 'tested on three devices'];
export const TARGET = {
  format: 'snap',
  subject: 'CSO04Jhav2yK0uz97cr0ipQRyqg0qQL6',
  channel: 'latest/stable',
  architecture: 'amd64',
};
export const RECORD = {
  id: 'CR-2026-0042',
  ring: 'default',
  author: { id: 'person-1', name: 'Ada Lovelace' },
  reason: { code: 'security-fix', text: 'CVE-2026-1234 fixed in 1722', ticket: 'CHG-2042' },
  submittedAt: '2026-11-22T12:48:14.123Z',
  items: [{ format: 'snap', name: 'core18', channel: 'stable', version: '1722' }],
  changes: [
    { target: TARGET, name: 'core18', old: null, new: { version: '1722', manifest: 'ab'.repeat(32) } },
    {
      target: { ...TARGET, architecture: 'armhf' },
      name: 'core18',
      old: { version: '1705', manifest: 'cd'.repeat(32) },
      new: null,
    },
  ],
};
export const DIGEST = recordDigest({ record: 'change-request', ...RECORD });
export const HISTORY = [
  {
    position: '41',
    type: 'ChangeDrafted',
    at: '2026-11-22T12:48:14.123Z',
    actor: { id: 'p', name: 'Ada Lovelace' },
    reason: RECORD.reason,
  },
];
export const VIEW = {
  ...RECORD,
  status: 'captured',
  record: RECORD,
  recordDigest: DIGEST,
  signatures: [],
  missing: ['1 more signature, 1 with the role approver'],
  failures: [],
  history: HISTORY,
};
export const APPROVED = { id: RECORD.id, status: 'approved', cursor: '20' };
export const SHOW = 'GET /v1/change-requests/CR-2026-0042';
export const APPROVE = 'POST /v1/change-requests/CR-2026-0042/approve';
