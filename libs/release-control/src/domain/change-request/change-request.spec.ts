import { describe, it } from 'vitest';
import { byPerson, specify } from '#test/support/decider-specification';
import { changeRequest } from './change-request.js';
import type { ChangeRequestCommand } from './commands.js';
import {
  ana,
  applied,
  approve,
  approved,
  captured,
  change,
  draft,
  drafted,
  draftedData,
  item,
  refused,
  report,
  signatureBy,
  stale,
  started,
  submitted,
  submittedAgain,
  withdrawn,
  worker,
} from './testing/one-request.js';

const { given } = specify(changeRequest);

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
  it('R38: holds until a time that is in the future, and nothing that is given back', () => {
    const until = (at: string) => ({ at, action: 'release' }) as const;
    const data = { ...draftedData, items: [{ ...item, expiry: until('2026-12-31T00:00:00.000Z') }] };
    given()
      .when({ ...draft, items: data.items })
      .then({ type: 'ChangeDrafted', data });
    for (const wrong of [
      { ...item, expiry: until(ana.at) },
      { ...item, version: null, expiry: until('2026-12-31T00:00:00.000Z') },
    ])
      given()
        .when({ ...draft, items: [wrong] })
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
  const open = [drafted, submitted, captured, approved, started] as const;
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
