import { describe, expect, it } from 'vitest';
import { fold } from '#kernel';
import { byPerson, specify } from '#test/support/decider-specification';
import { BUILT_IN_POLICY } from '../approval-policy/approval-policy.js';
import type { ElectronicSignature } from '../signature.js';
import { authoredOf as authoredOfState, isStanding } from './authored.js';
import { changeRequest } from './change-request.js';
import type { SubmitChange } from './commands.js';
import type { ChangeRequestEvent } from './events.js';
import { draftDigestOf } from './record.js';
import {
  approval,
  captured,
  draft,
  drafted,
  item,
  recordDigest,
  refused,
  signatureBy,
  submitted,
  submittedAgain,
} from './testing/one-request.js';

const { given } = specify(changeRequest);

const ana = byPerson('Ana', ['author'], { auth: 'password' });
const asks = { ...BUILT_IN_POLICY, version: 3, authored: true as const };
const policies = [asks];

/** What Ana signs as the request stands after these events. */
function authoredOf(...history: readonly ChangeRequestEvent[]): ElectronicSignature {
  const state = fold(changeRequest, history);
  if (state.status === 'none') throw new Error('there is no request');
  return { ...signatureBy('Ana', 'authored'), recordDigest: draftDigestOf(state) };
}

const signature = authoredOf(drafted);
const authored: ChangeRequestEvent = {
  type: 'ChangeAuthored',
  data: { signature, policyVersion: 3, roles: ['author'] },
};
const submit: SubmitChange = { type: 'SubmitChange', policies, signature, context: ana };
const bens = { ...approval, signature: { ...signatureBy('Ben', 'approved'), recordDigest } };
/** Ana is as she was when she signed. */
const AS_THEN = new Map([['id-of-Ana', { roles: ['author'], resets: 0 }]]);
const approve = {
  type: 'ApproveChange',
  signature: bens.signature,
  policy: asks,
  signersNow: AS_THEN,
  context: byPerson('Ben', ['approver'], { auth: 'password' }),
} as const;

describe('R17, R26: a ring that asks for the signature of the author', () => {
  it('has it in the same append as the request is submitted', () =>
    given(drafted).when(submit).then(authored, submitted));

  it('takes no request without it, by any way of submitting one', () => {
    given(drafted)
      .when({ type: 'SubmitChange', policies, context: ana })
      .thenRefused('author-signature-required');
    given()
      .when({ ...draft, submit: true, policies })
      .thenRefused('author-signature-required');
    given(drafted)
      .when({ type: 'ReviseChange', applied: false, items: [item], submit: true, policies, context: ana })
      .thenRefused('author-signature-required');
  });

  it('takes it where none asks, and a request without it too', () => {
    const none = [BUILT_IN_POLICY];
    given(drafted)
      .when({ ...submit, policies: none })
      .then({ ...authored, data: { ...authored.data, policyVersion: 0 } }, submitted);
    given(drafted).when({ type: 'SubmitChange', policies: none, context: ana }).then(submitted);
  });

  it('is enough that one of the rings of a plan asks', () =>
    given(drafted)
      .when({ type: 'SubmitChange', policies: [BUILT_IN_POLICY, asks], context: ana })
      .thenRefused('author-signature-required'));

  it.each<[string, Partial<SubmitChange>, string]>([
    ['with another meaning', { signature: { ...signature, meaning: 'approved' } }, 'signature-required'],
    ['of another digest', { signature: { ...signature, recordDigest } }, 'record-changed'],
    ['by a session alone', { context: byPerson('Ana', ['author']) }, 'signature-required'],
    [
      'of somebody else',
      {
        context: byPerson('Ben', ['author'], { auth: 'password' }),
        signature: signatureBy('Ben', 'authored'),
      },
      'not-the-author',
    ],
  ])('takes none %s', (_what, wrong, code) =>
    given(drafted)
      .when({ ...submit, ...wrong })
      .thenRefused(code),
  );

  it('asks for it once where a capture was refused and nothing was changed, and again where something was', () => {
    const history = [drafted, authored, submitted, refused];
    given(...history)
      .when({ type: 'SubmitChange', policies, signersNow: AS_THEN, context: ana })
      .then(submittedAgain);
    const file = {
      name: 'report.pdf',
      mediaType: 'application/pdf',
      size: 1,
      attachment: 'a'.repeat(64),
      sha3_384: 'b'.repeat(96),
      by: { id: 'id-of-Ana', name: 'Ana' },
      at: ana.at,
    };
    const attached: ChangeRequestEvent = { type: 'AttachmentAdded', data: file };
    given(...history, attached)
      .when({ type: 'SubmitChange', policies, signersNow: AS_THEN, context: ana })
      .thenRefused('author-signature-required');
  });

  it('has a revision void it: it stands with what the request was, and is made again', () => {
    const revised: ChangeRequestEvent = {
      type: 'ChangeRevised',
      data: { revision: 2, from: 'captured', reason: ana.reason, items: [{ ...item, version: '2' }] },
    };
    const history = [drafted, authored, submitted, captured, revised];
    given(...history)
      .when({ type: 'SubmitChange', policies, context: ana })
      .thenRefused('author-signature-required');
    given(...history)
      .when(submit)
      .thenRefused('record-changed');
    const again = authoredOf(...history);
    const event: ChangeRequestEvent = {
      type: 'ChangeAuthored',
      data: { signature: again, policyVersion: 3, roles: ['author'] },
    };
    given(...history)
      .when({ ...submit, signature: again })
      .then(event, submittedAgain);
    const state = fold(changeRequest, [...history, event, submittedAgain]);
    expect(state).toMatchObject({
      authored: [{ recordDigest: again.recordDigest }],
      earlier: [{ signatures: [{ meaning: 'authored', recordDigest: signature.recordDigest }] }],
    });
  });

  it('R27: is no approval: the author’s signature counts for nothing, and the request waits for all that it waited for', () => {
    const state = fold(changeRequest, [drafted, authored, submitted, captured]);
    expect(state).toMatchObject({ status: 'captured' });
    expect(state).not.toHaveProperty('signatures');
    given(drafted, authored, submitted, captured)
      .when(approve)
      .then({
        type: 'ChangeApproved',
        data: { ...bens, policyVersion: 3 },
      });
  });

  it('has nobody approve what was submitted without it, before the ring asked', () =>
    given(drafted, submitted, captured).when(approve).thenRefused('author-signature-required'));

  it.each([
    ['was reset', { roles: ['author'], resets: 1 }],
    ['was disabled', { roles: [], resets: 0 }],
    ['is an author elsewhere alone', { roles: ['author@elsewhere'], resets: 0 }],
  ])('R24, R27: counts no more once its author %s, and is made again', (_what, now) => {
    const signersNow = new Map([['id-of-Ana', now]]);
    given(drafted, authored, submitted, captured)
      .when({ ...approve, signersNow })
      .thenRefused('author-signature-required');
    given(drafted, authored, submitted, refused)
      .when({ type: 'SubmitChange', policies, signersNow, context: ana })
      .thenRefused('author-signature-required');
  });

  describe('once it is over', () => {
    const file = (name: string): ChangeRequestEvent => ({
      type: 'AttachmentAdded',
      data: {
        name,
        mediaType: 'application/pdf',
        size: 1,
        attachment: 'a'.repeat(64),
        sha3_384: 'b'.repeat(96),
        by: { id: 'id-of-Ana', name: 'Ana' },
        at: ana.at,
      },
    });
    const before = [drafted, file('report.pdf')];
    const signedWith = authoredOf(...before);
    const handedIn: ChangeRequestEvent[] = [
      ...before,
      { type: 'ChangeAuthored', data: { signature: signedWith, policyVersion: 3, roles: ['author'] } },
      submitted,
    ];
    const over: readonly ChangeRequestEvent[] = [
      { type: 'ChangeWithdrawn', data: { from: 'submitted' } },
      { type: 'ChangeExpired', data: { from: 'submitted', notAfter: ana.at } },
      { type: 'ChangeSuperseded', data: { from: 'submitted', by: 'CR-2026-0002' } },
    ];
    const stands = (...history: readonly ChangeRequestEvent[]) => {
      const state = fold(changeRequest, history);
      if (state.status === 'none') throw new Error('there is no request');
      return authoredOfState(state).map((each) => isStanding(each, state, undefined));
    };

    it.each(over)('$type: it is of what was handed in, whatever files come later', (end) => {
      for (const at of [[], [captured], [refused]]) {
        expect(stands(...handedIn, ...at, end)).toEqual([true]);
        expect(stands(...handedIn, ...at, end, file('later.pdf'))).toEqual([true]);
      }
      const asHandedIn = fold(changeRequest, [...handedIn, end]);
      expect(asHandedIn).toMatchObject({ attachments: [{ name: 'report.pdf' }], submittedAt: ana.at });
    });

    it.each(over)('$type: it is void of what its author had changed before', (end) =>
      expect(stands(...handedIn, refused, file('later.pdf'), end)).toEqual([false]),
    );

    it('withdrawn: the record stays that others were to sign', () => {
      const [withdrawn] = over;
      const state = fold(changeRequest, [...handedIn, captured, ...(withdrawn ? [withdrawn] : [])]);
      expect(state).toMatchObject({ status: 'withdrawn', changes: [{}], recordDigest, signatures: [] });
    });
  });
});
