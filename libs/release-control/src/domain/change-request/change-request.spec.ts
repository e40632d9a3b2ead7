import { describe, expect, it } from 'vitest';
import { fold } from '#kernel';
import { byPerson, byWorker, specify } from '#test/support/decider-specification';
import type { ElectronicSignature } from '../signature.js';
import { changeRequest } from './change-request.js';
import { BUILT_IN_POLICY } from '../approval-policy/approval-policy.js';
import type { ApproveChange, ChangeRequestCommand } from './commands.js';
import type { ChangeItem } from './change-item.js';
import type { ArtefactsCaptured, ChangeRequestEvent, ResolvedChange } from './events.js';
import { digestOf } from './record.js';
import type { ChangeRequestStatus } from './state.js';

const { given } = specify(changeRequest);

const ana = byPerson('Ana', ['author']);
const ben = byPerson('Ben', ['approver'], { auth: 'password' });
const worker = byWorker('change-request/CR-2026-0001');

const item: ChangeItem = { format: 'snap', name: 'lab-hello', channel: 'latest/stable', version: '1' };
const change: ResolvedChange = {
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
const author = { id: 'id-of-Ana', name: 'Ana' };
const draftedData = { id: 'CR-2026-0001', ring: 'default', author, reason: ana.reason, items: [item] };
const recordDigest = digestOf({ ...draftedData, submittedAt: ana.at, changes: [change] });

const signatureBy = (name: string, meaning: ElectronicSignature['meaning']): ElectronicSignature => ({
  meaning,
  signer: `id-of-${name}`,
  printedName: name,
  signedAt: ana.at,
  components: ['password'],
  credential: 'credential-1',
  recordDigest,
});

const drafted: ChangeRequestEvent = { type: 'ChangeDrafted', data: draftedData };
const submitted: ChangeRequestEvent = { type: 'ChangeSubmitted', data: { submission: 1, at: ana.at } };
const submittedAgain: ChangeRequestEvent = { type: 'ChangeSubmitted', data: { submission: 2, at: ana.at } };
const refused: ChangeRequestEvent = {
  type: 'CaptureRefused',
  data: {
    submission: 1,
    failures: [{ item, code: 'revision-not-found', message: 'lab-hello has no revision 1' }],
  },
};
const captured: ArtefactsCaptured = {
  type: 'ArtefactsCaptured',
  data: { submission: 1, changes: [change], recordDigest },
};
const under = { policyVersion: 0, roles: ['approver'] };
const approval = { signature: signatureBy('Ben', 'approved'), ...under, notCounted: [] };
const approved: ChangeRequestEvent = { type: 'ChangeApproved', data: approval };
const signed: ChangeRequestEvent = {
  type: 'ApprovalSigned',
  data: { ...approval, signature: signatureBy('Eva', 'approved'), missing: ['1 more signature'] },
};
const rejected: ChangeRequestEvent = {
  type: 'ChangeRejected',
  data: { signature: signatureBy('Ben', 'rejected'), ...under },
};
const withdrawn: ChangeRequestEvent = { type: 'ChangeWithdrawn', data: { from: 'captured' } };
const stale: ChangeRequestEvent = {
  type: 'ChangeBecameStale',
  data: {
    mismatches: [
      { target: change.target, expected: null, found: { version: '5', manifest: 'b'.repeat(64) } },
    ],
  },
};
const applied: ChangeRequestEvent = {
  type: 'ChangeApplied',
  data: { policy: 'release-policy/default' },
};

const draft: ChangeRequestCommand = {
  type: 'DraftChange',
  id: 'CR-2026-0001',
  ring: 'default',
  items: [item],
  submit: false,
  context: ana,
};
const approve: ApproveChange = {
  type: 'ApproveChange',
  signature: signatureBy('Ben', 'approved'),
  policy: BUILT_IN_POLICY,
  signersNow: new Map(),
  context: ben,
};
const report: ChangeRequestCommand = {
  type: 'ReportCapture',
  submission: 1,
  changes: [change],
  context: worker,
};

describe('drafting', () => {
  it('records the request and its author', () => given().when(draft).then(drafted));
  it('submits in the same append when asked to', () =>
    given()
      .when({ ...draft, submit: true })
      .then(drafted, submitted));
  it('refuses an id that is taken', () => given(drafted).when(draft).thenRefused('change-request-exists'));
  it('is for authors', () =>
    given()
      .when({ ...draft, context: byPerson('Ben', ['approver']) })
      .thenRefused('not-an-author'));
  it('is for people', () =>
    given()
      .when({ ...draft, context: worker })
      .thenRefused('not-an-author'));
  it('needs an item', () =>
    given()
      .when({ ...draft, items: [] })
      .thenRefused('invalid-items'));
  it('refuses the same item twice', () =>
    given()
      .when({ ...draft, items: [item, item] })
      .thenRefused('invalid-items'));
  it('refuses two words on one snap’s list, and two access policies', () => {
    const listing = { format: 'snap', name: 'lab-tool' };
    given()
      .when({
        ...draft,
        items: [
          { kind: 'deny', ...listing, listed: true },
          { kind: 'allow', ...listing, listed: true },
        ],
      })
      .thenRefused('invalid-items');
    const access = { kind: 'access', access: 'gated' } as const;
    given()
      .when({ ...draft, items: [access, access] })
      .thenRefused('invalid-items');
  });
  it('takes an item for each architecture, and none twice', () => {
    const [amd64, arm64] = ['amd64', 'arm64'].map((architecture) => ({ ...item, architecture }));
    if (!amd64 || !arm64) throw new Error('there are two');
    const data = { ...draftedData, items: [amd64, arm64, item] };
    given()
      .when({ ...draft, items: data.items })
      .then({ type: 'ChangeDrafted', data });
    given()
      .when({ ...draft, items: [amd64, amd64] })
      .thenRefused('invalid-items');
  });
  it('refuses a name with a space', () =>
    given()
      .when({ ...draft, items: [{ ...item, name: 'lab hello' }] })
      .thenRefused('invalid-items'));
  it('refuses more items than one request takes', () => {
    const items = Array.from({ length: 2_001 }, (_, i) => ({ ...item, name: `lab-${i}` }));
    return given()
      .when({ ...draft, items })
      .thenRefused('invalid-items');
  });
});

describe('a reason', () => {
  it.each(['', '   ', 'updated', '         a'])('is more than %j', (text) =>
    given()
      .when({ ...draft, context: { ...ana, reason: { code: 'other', text } } })
      .thenRefused('reason-required'),
  );
  it('has a code', () =>
    given()
      .when({ ...draft, context: { ...ana, reason: { ...ana.reason, code: ' ' } } })
      .thenRefused('reason-required'));
});

describe('submitting', () => {
  it('is the author’s', () => given(drafted).when({ type: 'SubmitChange', context: ana }).then(submitted));
  it('is nobody else’s', () =>
    given(drafted)
      .when({ type: 'SubmitChange', context: byPerson('Eva', ['author']) })
      .thenRefused('not-the-author'));
  it('is allowed again after a refused capture', () =>
    given(drafted, submitted, refused).when({ type: 'SubmitChange', context: ana }).then(submittedAgain));
});

describe('capture', () => {
  it('reports what was resolved, with the digest of the record that is to be signed', () =>
    given(drafted, submitted).when(report).then(captured));
  it('reported twice is one capture', () => given(drafted, submitted, captured).when(report).thenNothing());
  it('that ends after the request was withdrawn changes nothing', () =>
    given(drafted, submitted, withdrawn).when(report).thenNothing());
  it('of an earlier submission changes nothing', () =>
    given(drafted, submitted, refused, submittedAgain).when(report).thenNothing());
  it('refused is recorded with what failed and why', () =>
    given(drafted, submitted)
      .when({
        type: 'RefuseCapture',
        submission: 1,
        failures: [{ item, code: 'revision-not-found', message: 'lab-hello has no revision 1' }],
        untried: 0,
        context: worker,
      })
      .then(refused));
  it('is refused when two items mean one target', () => {
    const other = { ...change, new: { version: '2', manifest: 'c'.repeat(64) } };
    return given(drafted, submitted)
      .when({ ...report, changes: [change, other] })
      .then({
        type: 'CaptureRefused',
        data: {
          submission: 1,
          failures: [
            {
              item,
              code: 'ambiguous-target',
              message: 'lab-hello on latest/stable for amd64 is named twice, with 1 and with 2',
            },
          ],
        },
      });
  });
  it('is refused when it means more targets than one request takes', () => {
    const changes = Array.from({ length: 5_001 }, (_, i) => ({
      ...change,
      target: { ...change.target, channel: `latest/edge/${i}` },
    }));
    return given(drafted, submitted)
      .when({ ...report, changes })
      .then({
        type: 'CaptureRefused',
        data: {
          submission: 1,
          failures: [
            {
              item,
              code: 'too-many-targets',
              message: 'the items mean 5001 targets, at most 5000 make one request: split it',
            },
          ],
        },
      });
  });
  it('is refused when nothing would change', () =>
    given(drafted, submitted)
      .when({ ...report, changes: [{ ...change, old: change.new }] })
      .then({
        type: 'CaptureRefused',
        data: {
          submission: 1,
          failures: [
            { item, code: 'nothing-to-change', message: 'the ring already is as this request wants it' },
          ],
        },
      }));
});

describe('approving', () => {
  const open = [drafted, submitted, captured] as const;

  it('records the signature', () =>
    given(...open)
      .when(approve)
      .then(approved));
  it('is refused before capture: there is nothing to sign yet', () =>
    given(drafted, submitted).when(approve).thenRefused('not-allowed-in-status'));
  it('R27: is refused to the author', () =>
    given(...open)
      .when({
        ...approve,
        context: byPerson('Ana', ['author', 'approver'], { auth: 'password' }),
        signature: signatureBy('Ana', 'approved'),
      })
      .thenRefused('author-cannot-approve'));
  it('is for approvers', () =>
    given(...open)
      .when({ ...approve, context: byPerson('Ben', ['auditor'], { auth: 'password' }) })
      .thenRefused('not-an-approver'));
  it('is not for admins', () =>
    given(...open)
      .when({ ...approve, context: byPerson('Ben', ['approver', 'admin'], { auth: 'password' }) })
      .thenRefused('not-an-approver'));
  it('R22: needs the password at this very act: a session does not sign', () =>
    given(...open)
      .when({ ...approve, context: byPerson('Ben', ['approver']) })
      .thenRefused('signature-required'));
  it('is not for services', () =>
    given(...open)
      .when({ ...approve, context: worker })
      .thenRefused('not-an-author'));
  it('does not take another person’s signature', () =>
    given(...open)
      .when({ ...approve, signature: signatureBy('Eva', 'approved') })
      .thenRefused('signature-required'));
  it('does not take a signature that means something else', () =>
    given(...open)
      .when({ ...approve, signature: signatureBy('Ben', 'rejected') })
      .thenRefused('signature-required'));
  it('R19: does not take a signature over another record', () =>
    given(...open)
      .when({ ...approve, signature: { ...signatureBy('Ben', 'approved'), recordDigest: 'f'.repeat(64) } })
      .thenRefused('record-changed'));
  it('is refused for a request that does not exist', () =>
    given().when(approve).thenRefused('no-such-change-request'));
});

describe('after approval', () => {
  const open = [drafted, submitted, captured, approved] as const;
  const recordApplied: ChangeRequestCommand = {
    type: 'RecordApplied',
    policy: 'release-policy/default',
    context: worker,
  };

  it('the worker records that it was applied', () =>
    given(...open)
      .when(recordApplied)
      .then(applied));
  it('recording it twice is once', () =>
    given(...open, applied)
      .when(recordApplied)
      .thenNothing());
  it('the worker marks it stale, with what it found', () =>
    given(...open)
      .when({
        type: 'MarkStale',
        mismatches: [
          { target: change.target, expected: null, found: { version: '5', manifest: 'b'.repeat(64) } },
        ],
        context: worker,
      })
      .then(stale));
  it('marking it stale twice is once', () =>
    given(...open, stale)
      .when({ type: 'MarkStale', mismatches: [], context: worker })
      .thenNothing());
});

describe('R25: the transition table', () => {
  const histories: Record<ChangeRequestStatus, ChangeRequestEvent[]> = {
    none: [],
    drafted: [drafted],
    submitted: [drafted, submitted],
    'capture-refused': [drafted, submitted, refused],
    captured: [drafted, submitted, captured],
    'in-review': [drafted, submitted, captured, signed],
    approved: [drafted, submitted, captured, approved],
    rejected: [drafted, submitted, captured, rejected],
    withdrawn: [drafted, submitted, captured, withdrawn],
    stale: [drafted, submitted, captured, approved, stale],
    applied: [drafted, submitted, captured, approved, applied],
  };
  const commands: ChangeRequestCommand[] = [
    draft,
    { type: 'SubmitChange', context: ana },
    report,
    { type: 'RefuseCapture', submission: 1, failures: [], untried: 0, context: worker },
    { ...approve, signersNow: new Map([['id-of-Eva', { roles: ['approver'], resets: 0 }]]) },
    { ...approve, type: 'RejectChange', signature: signatureBy('Ben', 'rejected') },
    { type: 'WithdrawChange', context: ana },
    { type: 'MarkStale', mismatches: [], context: worker },
    { type: 'RecordApplied', policy: 'release-policy/default', context: worker },
  ];

  it('is this, and no other', () => {
    const table = Object.entries(histories).map(([status, history]) => {
      const state = fold(changeRequest, history);
      expect(state.status).toBe(status);
      const reached = commands.flatMap((command) => {
        try {
          const next = changeRequest.decide(command, state).reduce(changeRequest.evolve, state);
          return next.status === state.status ? [] : [`${command.type} → ${next.status}`];
        } catch {
          return [];
        }
      });
      return `${status}: ${reached.join(', ') || '-'}`;
    });
    expect(table).toEqual([
      'none: DraftChange → drafted',
      'drafted: SubmitChange → submitted, WithdrawChange → withdrawn',
      'submitted: ReportCapture → captured, RefuseCapture → capture-refused, WithdrawChange → withdrawn',
      'capture-refused: SubmitChange → submitted, WithdrawChange → withdrawn',
      'captured: ApproveChange → approved, RejectChange → rejected, WithdrawChange → withdrawn',
      'in-review: ApproveChange → approved, RejectChange → rejected, WithdrawChange → withdrawn',
      'approved: MarkStale → stale, RecordApplied → applied',
      'rejected: -',
      'withdrawn: -',
      'stale: -',
      'applied: -',
    ]);
  });

  it('refuses a history that could not have been decided', () => {
    expect(() => fold(changeRequest, [drafted, approved])).toThrow(/cannot have become this/);
  });
});
