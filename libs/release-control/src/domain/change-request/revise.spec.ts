import { describe, expect, it } from 'vitest';
import { fold } from '#kernel';
import { byPerson, specify } from '#test/support/decider-specification';
import { changeRequest } from './change-request.js';
import type { CommentOnChange, ReviseChange, SupersedeChange } from './commands.js';
import type { ChangeRequestEvent } from './events.js';
import type { ChangeRevised } from './life-events.js';
import { digestOf } from './record.js';
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
  expired,
  failed,
  item,
  night,
  recordDigest,
  recalled,
  rejected,
  released,
  signatureBy,
  signed,
  stale,
  started,
  submitted,
  submittedAgain,
  withdrawn,
  worker,
} from './testing/one-request.js';

const { given } = specify(changeRequest);

const open = [drafted, submitted, captured] as const;
const other = { ...item, version: '2' };
const revise: ReviseChange = {
  type: 'ReviseChange',
  applied: false,
  items: [other],
  submit: false,
  context: ana,
};
const revised = (
  from: string,
  revision = 2,
  more: Partial<ChangeRevised['data']> = {},
): ChangeRequestEvent => ({
  type: 'ChangeRevised',
  data: { revision, from, reason: ana.reason, items: [other], ...more },
});

describe('R25: revising', () => {
  it.each<[string, readonly ChangeRequestEvent[]]>([
    ['drafted', [drafted]],
    ['submitted', [drafted, submitted]],
    ['captured', open],
    ['in-review', [...open, signed]],
    ['rejected', [...open, rejected]],
    ['stale', [...open, approved, started, stale]],
    ['recalled', [...open, approved, recalled]],
  ])('is done by the author to what is %s', (from, history) =>
    given(...history)
      .when(revise)
      .then(revised(from)),
  );
  it('hands it in again in the same append, counted on', () =>
    given(...open)
      .when({ ...revise, submit: true })
      .then(revised('captured'), submittedAgain));
  it('says other times, or none', () =>
    given(...open)
      .when({ ...revise, window: night })
      .then(revised('captured', 2, { window: night })));
  it.each<[string, readonly ChangeRequestEvent[]]>([
    ['approved', [...open, approved]],
    ['released in an emergency', [...open, released]],
    ['in force', [...open, approved, started, applied]],
    ['withdrawn', [...open, withdrawn]],
  ])('is refused to what is %s', (_status, history) =>
    given(...history)
      .when(revise)
      .thenRefused('not-allowed-in-status'),
  );
  it('is refused to what a ring has, also where its own record says that it expired', () =>
    given(...open, approved, started, expired)
      .when({ ...revise, applied: true })
      .thenRefused('not-allowed-in-status'));
  it('is nobody else’s', () =>
    given(...open)
      .when({ ...revise, context: byPerson('Eva', ['author']) })
      .thenRefused('not-the-author'));
  it('takes the role author still', () =>
    given(...open)
      .when({ ...revise, context: byPerson('Ana', ['auditor']) })
      .thenRefused('not-an-author'));
  it('is refused for items and times that a draft could not have', () => {
    given(...open)
      .when({ ...revise, items: [] })
      .thenRefused('invalid-items');
    given(...open)
      .when({ ...revise, window: { notAfter: '2020-01-01T00:00:00.000Z' } })
      .thenRefused('invalid-window');
  });
  it('ends after twenty', () => {
    const history = [...open, ...Array.from({ length: 19 }, (_, i) => revised('drafted', i + 2))];
    expect(fold(changeRequest, history)).toMatchObject({ revision: 20 });
    given(...history)
      .when(revise)
      .thenRefused('too-many-revisions');
  });
});

describe('R19: what was signed before a revision', () => {
  const again = fold(changeRequest, [...open, signed, revised('in-review')]);

  it('is kept as it was, with its digest, and is no signature of what it is now', () => {
    expect(again).toMatchObject({
      status: 'drafted',
      revision: 2,
      items: [other],
      earlier: [
        {
          revision: 1,
          status: 'in-review',
          items: [item],
          changes: [change],
          recordDigest,
          signatures: [{ printedName: 'Eva' }],
        },
      ],
    });
    expect(again).not.toHaveProperty('signatures');
    expect(again).not.toHaveProperty('recordDigest');
  });
  it('does not fit the new record, also where nothing else was said', () => {
    const record = { ...draftedData, submittedAt: ana.at, changes: [change] };
    expect(digestOf({ ...record, revision: 1 })).toBe(recordDigest);
    const digest = digestOf({ ...record, revision: 2 });
    expect(digest).not.toBe(recordDigest);
    const recaptured: ChangeRequestEvent = {
      type: 'ArtefactsCaptured',
      data: { submission: 2, changes: [change], recordDigest: digest },
    };
    const history = [...open, revised('captured', 2, { items: [item] }), submittedAgain, recaptured];
    given(...history)
      .when(approve)
      .thenRefused('record-changed');
    const signature = { ...signatureBy('Ben', 'approved'), recordDigest: digest };
    expect(changeRequest.decide({ ...approve, signature }, fold(changeRequest, history))).toMatchObject([
      { type: 'ChangeApproved' },
    ]);
  });
  it('is not joined by a capture that was under way', () =>
    given(drafted, submitted, revised('submitted'), submittedAgain)
      .when({ type: 'ReportCapture', submission: 1, changes: [change], context: worker })
      .thenNothing());
  it('takes effect with the last part of a long list', () => {
    const first = revised('captured', 2, { part: [1, 2] });
    expect(fold(changeRequest, [...open, first])).toMatchObject({ status: 'captured', revision: 1 });
    const whole = fold(changeRequest, [
      ...open,
      first,
      revised('captured', 2, { items: [item], part: [2, 2] }),
    ]);
    expect(whole).toMatchObject({ status: 'drafted', items: [other, item], earlier: [{ revision: 1 }] });
    expect(whole).not.toHaveProperty('revising');
  });
});

describe('R25: superseding', () => {
  const supersede: SupersedeChange = { type: 'SupersedeChange', by: 'CR-2026-0002', context: worker };
  const superseded = (from: string): ChangeRequestEvent => ({
    type: 'ChangeSuperseded',
    data: { from, by: 'CR-2026-0002' },
  });

  it('is said in the draft of the successor, and is part of what is signed', () => {
    given()
      .when({ ...draft, supersedes: 'CR-2026-0000' })
      .then({ type: 'ChangeDrafted', data: { ...draftedData, supersedes: 'CR-2026-0000' } });
    const record = { ...draftedData, submittedAt: ana.at, changes: [change] };
    expect(digestOf({ ...record, supersedes: 'CR-2026-0000' })).not.toBe(recordDigest);
  });
  it.each<[string, readonly ChangeRequestEvent[]]>([
    ['in-review', [...open, signed]],
    ['approved', [...open, approved]],
    ['rejected', [...open, rejected]],
    ['verification-failed', [...open, approved, started, applied, failed]],
  ])('ends what is %s', (from, history) =>
    given(...history)
      .when(supersede)
      .then(superseded(from)),
  );
  it.each<[string, readonly ChangeRequestEvent[]]>([
    ['taking effect', [...open, approved, started]],
    ['released in an emergency', [...open, released]],
    ['in force', [...open, approved, started, applied]],
    ['withdrawn', [...open, withdrawn]],
    ['superseded already', [...open, superseded('captured')]],
  ])('leaves what is %s as it is', (_status, history) =>
    given(...history)
      .when(supersede)
      .thenNothing(),
  );
  it('keeps what was captured and signed, and by which it was superseded', () =>
    expect(fold(changeRequest, [...open, signed, superseded('in-review')])).toMatchObject({
      status: 'superseded',
      by: 'CR-2026-0002',
      recordDigest,
      signatures: [{ printedName: 'Eva' }],
    }));
});

describe('commenting', () => {
  const say: CommentOnChange = {
    type: 'CommentOnChange',
    text: ' not on Fridays ',
    context: byPerson('Aud', ['auditor']),
  };
  const said: ChangeRequestEvent = {
    type: 'ChangeCommented',
    data: { by: { id: 'id-of-Aud', name: 'Aud' }, at: ana.at, text: 'not on Fridays' },
  };

  it('is for every person, whatever the status, and changes nothing else', () => {
    for (const history of [[drafted], [...open], [...open, approved, started, applied]]) {
      given(...history)
        .when(say)
        .then(said);
      const before = fold(changeRequest, history);
      expect(fold(changeRequest, [...history, said])).toEqual({ ...before, comments: [said.data] });
    }
  });
  it('outlives what happens to the request', () =>
    expect(
      fold(changeRequest, [drafted, said, submitted, captured, said, revised('captured')]),
    ).toMatchObject({
      comments: [said.data, said.data],
    }));
  it('voids no signature: it is no part of the record', () =>
    expect(fold(changeRequest, [...open, said])).toMatchObject({ recordDigest }));
  it('is not for services', () =>
    given(...open)
      .when({ ...say, context: worker })
      .thenRefused('not-an-author'));
  it.each(['', '   ', 'x'.repeat(2_001)])('is refused as %j', (text) =>
    given(...open)
      .when({ ...say, text })
      .thenRefused('invalid-comment'),
  );
  it('is refused without a request, and after two hundred', () => {
    given().when(say).thenRefused('no-such-change-request');
    given(...open, ...Array<ChangeRequestEvent>(200).fill(said))
      .when(say)
      .thenRefused('invalid-comment');
  });
});
