import { describe, expect, it } from 'vitest';
import { fold } from '#kernel';
import { byPerson, byWorker, specify } from '#test/support/decider-specification';
import type { Content } from '../content.js';
import type { DecideOnRights, OpenReview } from './commands.js';
import type { Decision, Finding, ReviewEvent } from './events.js';
import { review } from './review.js';
import {
  ACCESS,
  ANA,
  BEN,
  digestOf,
  NEXT_DUE,
  opened,
  PERIODIC,
  signs,
  TRAIL,
} from './testing/one-review.js';

const { given } = specify(review);
const ana = { id: 'id-of-ana', name: 'ana' };
const ben = { id: 'id-of-ben', name: 'ben' };

const open = (content: Content, context = ANA): OpenReview => ({
  type: 'OpenReview',
  id: opened(content).data.id,
  content,
  nextDue: NEXT_DUE,
  context,
});

describe('opening a review', () => {
  it.each([ACCESS, PERIODIC, TRAIL])('R12, R28, R36: freezes what is looked at: $kind', (content) => {
    given().when(open(content)).then(opened(content));
  });

  it('spreads a long list over several events, which are one fact', () => {
    const [line] = PERIODIC.lines;
    const content = { ...PERIODIC, lines: Array.from({ length: 1_000 }, () => line) } as Content;
    const events = review.decide(open(content), review.initialState);
    expect(events.length).toBeGreaterThan(1);
    expect(fold(review, events)).toMatchObject({ status: 'open', content });
    expect(fold(review, events.slice(0, -1)).status).toBe('none');
  });

  it.each([
    ['an approver', byPerson('ben', ['approver'])],
    ['QA of one ring alone', byPerson('ben', ['qa@pilot'])],
    ['an admin', byPerson('ben', ['qa', 'admin'])],
    ['a service', byWorker('review/AR-0001')],
  ])('R28: is not for %s', (_who, context) => {
    given().when(open(ACCESS, context)).thenRefused('not-a-reviewer');
  });

  it('R04: takes a reason', () => {
    const context = { ...ANA, reason: { code: 'review', text: 'updated' } };
    given().when(open(ACCESS, context)).thenRefused('reason-required');
  });

  it('R28: is done once, and says a time to come for the next one, within a year', () => {
    given(opened(ACCESS)).when(open(ACCESS)).thenRefused('review-exists');
    given()
      .when({ ...open(ACCESS), nextDue: ANA.at })
      .thenRefused('invalid-due');
    given()
      .when({ ...open(ACCESS), nextDue: '9000-01-01T00:00:00.000Z' })
      .thenRefused('invalid-due');
  });
});

const keep = (...lines: number[]): DecideOnRights['decisions'] =>
  lines.map((line) => ({ line, decision: 'keep' }));
const decides = (decisions: DecideOnRights['decisions'], context = ANA): DecideOnRights => ({
  type: 'DecideOnRights',
  decisions,
  context,
});
const kept = (by: Decision['by'], ...lines: number[]): readonly Decision[] =>
  lines.map((line) => ({ line, decision: 'keep', by }));
const rightsDecided = (...decisions: readonly Decision[]): ReviewEvent => ({
  type: 'RightsDecided',
  data: { decisions },
});

describe('deciding on rights', () => {
  it('R28: keeps lines or flags them for revoking, with who decided it', () => {
    const asked = [
      ...keep(2, 3),
      { line: 5, decision: 'revoke', comment: 'nobody runs it any more' } as const,
    ];
    given(opened(ACCESS))
      .when(decides(asked))
      .then(
        rightsDecided(...kept(ana, 2, 3), {
          line: 5,
          decision: 'revoke',
          comment: 'nobody runs it any more',
          by: ana,
        }),
      );
  });

  it('R28: is for others than the one whom a line is about, and decides nothing else with it', () => {
    given(opened(ACCESS))
      .when(decides(keep(2, 1)))
      .thenRefused('own-line');
  });

  it('says the same once', () => {
    given(opened(ACCESS), rightsDecided(...kept(ana, 2)))
      .when(decides(keep(2)))
      .thenNothing();
    given(opened(ACCESS), rightsDecided(...kept(ana, 2)))
      .when(decides(keep(2, 4)))
      .then(rightsDecided(...kept(ana, 4)));
  });

  it.each([
    ['a line that is not there', keep(6)],
    ['a line twice', keep(2, 2)],
    ['no line', []],
  ])('refuses %s', (_what, decisions) => {
    given(opened(ACCESS)).when(decides(decisions)).thenRefused('invalid-decisions');
  });

  it('is of access reviews, and of QA', () => {
    given(opened(PERIODIC))
      .when(decides(keep(1)))
      .thenRefused('wrong-kind');
    given(opened(ACCESS))
      .when(decides(keep(1), byPerson('olga', ['operator'])))
      .thenRefused('not-a-reviewer');
  });
});

const note: Finding = { kind: 'note', text: 'one halt, explained', by: ana, at: ANA.at };
const verified: Finding = {
  kind: 'verifier-result',
  text: 'holdfast verify',
  passed: true,
  entries: '41',
  root: 'ab'.repeat(32),
  by: ana,
  at: ANA.at,
};
const found = (finding: Finding): ReviewEvent => ({ type: 'FindingRecorded', data: { finding } });

describe('signing an access review', () => {
  const all = [...kept(ben, 1), ...kept(ana, 2, 3, 4, 5)];
  const decided = [opened(ACCESS), rightsDecided(...kept(ana, 2, 3, 4, 5)), rightsDecided(...kept(ben, 1))];
  const digest = digestOf(ACCESS, { decisions: all });
  const bySigner = (who = ANA) => signs(who, ACCESS, digest).signature;
  const signedByAna: ReviewEvent = {
    type: 'ReviewSigned',
    data: {
      signature: bySigner(),
      notCounted: [],
      missing: ['a signature of somebody else for lines 1, which are about ana'],
    },
  };

  it('R28: is not complete while nobody but its signer has signed for the signer’s own rights', () => {
    given(...decided)
      .when(signs(ANA, ACCESS, digest))
      .then(signedByAna);
  });

  it('R28, R17: is complete with the signature of somebody else for those: name, time and meaning', () => {
    const command = signs(BEN, ACCESS, digest, { signedBefore: ['id-of-ana'] });
    expect(command.signature).toMatchObject({ printedName: 'ben', meaning: 'reviewed', signedAt: BEN.at });
    given(...decided, signedByAna)
      .when(command)
      .then({
        type: 'ReviewCompleted',
        data: { signature: command.signature, notCounted: [], nextDue: NEXT_DUE },
      });
  });

  it('R28: is complete with one signature of somebody who held nothing then', () => {
    const eve = byPerson('eve', ['qa']);
    const command = signs(eve, ACCESS, digest);
    given(...decided)
      .when(command)
      .then({
        type: 'ReviewCompleted',
        data: { signature: command.signature, notCounted: [], nextDue: NEXT_DUE },
      });
  });

  it('takes each person once', () => {
    given(...decided, signedByAna)
      .when(signs(ANA, ACCESS, digest, { signedBefore: ['id-of-ana'] }))
      .thenRefused('already-signed');
  });

  it('R27, R28: takes two accounts of one person for one, and their own rights for theirs', () => {
    const zoe = { ...byPerson('zoe', ['qa']), linked: new Map([['id-of-zoe', 'id-of-ana']]) };
    given(...decided, signedByAna)
      .when(signs(zoe, ACCESS, digest, { signedBefore: ['id-of-ana'] }))
      .thenRefused('already-signed');
    given(opened(ACCESS))
      .when({
        type: 'DecideOnRights',
        decisions: [{ line: 1, decision: 'keep' }],
        context: zoe,
      })
      .thenRefused('own-line');
    const benIsAna = { ...BEN, linked: new Map([['id-of-ben', 'id-of-ana']]) };
    const command = signs(benIsAna, ACCESS, digest);
    given(...decided)
      .when(command)
      .then({
        type: 'ReviewSigned',
        data: {
          signature: command.signature,
          notCounted: [],
          missing: ['a signature of somebody else for lines 1, 2, 3, which are about ben'],
        },
      });
  });

  it('R27: counts what was signed with two accounts before once', () => {
    const eve = { ...byPerson('eve', ['qa']), linked: new Map([['id-of-ben', 'id-of-ana']]) };
    const byBen = signs(BEN, ACCESS, digest).signature;
    const signedByBen: ReviewEvent = {
      type: 'ReviewSigned',
      data: { signature: byBen, notCounted: [], missing: ['more'] },
    };
    const command = signs(eve, ACCESS, digest, { signedBefore: ['id-of-ana', 'id-of-ben'] });
    given(...decided, signedByAna, signedByBen)
      .when(command)
      .then({
        type: 'ReviewCompleted',
        data: { signature: command.signature, notCounted: ['id-of-ana'], nextDue: NEXT_DUE },
      });
  });

  it('R27: counts no signature of somebody who lost the role meanwhile', () => {
    const command = {
      ...signs(BEN, ACCESS, digest),
      signersNow: new Map([['id-of-ana', { roles: ['operator'], resets: 0 }]]),
    };
    given(...decided, signedByAna)
      .when(command)
      .then({
        type: 'ReviewSigned',
        data: {
          signature: command.signature,
          notCounted: ['id-of-ana'],
          missing: ['a signature of somebody else for lines 2, 3, which are about ben'],
        },
      });
  });

  it('looks again when somebody signed meanwhile', () => {
    given(...decided, signedByAna)
      .when(signs(BEN, ACCESS, digest))
      .thenRefused('signed-meanwhile');
  });

  it('R19: a decision that is changed voids the signatures before it', () => {
    const changed: readonly Decision[] = [{ line: 5, decision: 'revoke', by: ana }];
    const now = digestOf(ACCESS, { decisions: [...all.filter(({ line }) => line !== 5), ...changed] });
    const command = signs(BEN, ACCESS, now, { signedBefore: ['id-of-ana'] });
    given(...decided, signedByAna, rightsDecided(...changed))
      .when(command)
      .then({
        type: 'ReviewSigned',
        data: {
          signature: command.signature,
          notCounted: ['id-of-ana'],
          missing: ['a signature of somebody else for lines 2, 3, which are about ben'],
        },
      });
  });

  it('R28: waits until each line is decided on', () => {
    const some = kept(ana, 2, 3);
    given(opened(ACCESS), rightsDecided(...some))
      .when(signs(BEN, ACCESS, digestOf(ACCESS, { decisions: some })))
      .thenRefused('undecided-lines');
  });

  it('R19: is of the record as it is', () => {
    given(...decided)
      .when(signs(BEN, ACCESS, digestOf(ACCESS)))
      .thenRefused('record-changed');
  });

  it.each([
    ['another meaning', { meaning: 'trail-reviewed' }],
    ['another signer', { signer: 'id-of-eve' }],
  ] as const)('R19: refuses a signature with %s', (_what, more) => {
    given(...decided)
      .when(signs(BEN, ACCESS, digest, more))
      .thenRefused('signature-required');
  });

  it('R22: takes more than a session', () => {
    given(...decided)
      .when({ ...signs(BEN, ACCESS, digest), context: BEN })
      .thenRefused('signature-required');
  });
});

describe('signing a periodic review', () => {
  it('R36: waits for what the verifier found', () => {
    given(opened(PERIODIC), found(note))
      .when(signs(BEN, PERIODIC, digestOf(PERIODIC, { findings: [note] })))
      .thenRefused('verifier-result-missing');
  });

  it('R36: waits for what the verifier found of the last event that is listed', () => {
    const short: Finding = { ...verified, entries: '7' };
    given(opened(PERIODIC), found(short))
      .when(signs(BEN, PERIODIC, digestOf(PERIODIC, { findings: [short] })))
      .thenRefused('verifier-result-missing');
  });

  it('R36: completes it, findings and all', () => {
    const command = signs(BEN, PERIODIC, digestOf(PERIODIC, { findings: [note, verified] }));
    given(opened(PERIODIC), found(note), found(verified))
      .when(command)
      .then({
        type: 'ReviewCompleted',
        data: { signature: command.signature, notCounted: [], nextDue: NEXT_DUE },
      });
  });
});

describe('signing a review of the trail', () => {
  it('R13: is refused to who acted in the range, and the refusal is an event', () => {
    given(opened(TRAIL))
      .when(signs(BEN, TRAIL, digestOf(TRAIL)))
      .then({ type: 'TrailReviewRefused', data: { by: ben, events: 2 } });
  });

  it('R13, R27: is refused to who acted in the range with another account', () => {
    const context = { ...ANA, linked: new Map([['id-of-ben', 'id-of-ana']]) };
    given(opened(TRAIL))
      .when(signs(context, TRAIL, digestOf(TRAIL)))
      .then({ type: 'TrailReviewRefused', data: { by: ana, events: 2 } });
  });

  it('R12, R17: is for who did not act in it, with the meaning that the trail was reviewed', () => {
    const command = signs(ANA, TRAIL, digestOf(TRAIL));
    expect(command.signature.meaning).toBe('trail-reviewed');
    given(opened(TRAIL), { type: 'TrailReviewRefused', data: { by: ben, events: 2 } })
      .when(command)
      .then({
        type: 'ReviewCompleted',
        data: { signature: command.signature, notCounted: [], nextDue: NEXT_DUE },
      });
  });
});

describe('a review that is over', () => {
  const completed: ReviewEvent = {
    type: 'ReviewCompleted',
    data: { signature: signs(ANA, TRAIL, digestOf(TRAIL)).signature, notCounted: [], nextDue: NEXT_DUE },
  };
  const withdrawn: ReviewEvent = { type: 'ReviewWithdrawn', data: { by: ana } };

  it('can be one that is withdrawn', () => {
    given(opened(TRAIL)).when({ type: 'WithdrawReview', context: ANA }).then(withdrawn);
  });

  it.each([completed, withdrawn])('is not changed any more: $type', (over) => {
    given(opened(TRAIL), over).when({ type: 'WithdrawReview', context: ANA }).thenRefused('review-over');
    given(opened(TRAIL), over)
      .when(signs(ANA, TRAIL, digestOf(TRAIL)))
      .thenRefused('review-over');
  });

  it('R12: is said once to be overdue, when the next one was due', () => {
    const note = (at: string) =>
      ({ type: 'NoteOverdue', context: byWorker('review/TR-0001', { at }) }) as const;
    const overdue: ReviewEvent = { type: 'NextReviewOverdue', data: { nextDue: NEXT_DUE } };
    given(opened(TRAIL), completed).when(note('2027-02-19T23:59:59.999Z')).thenNothing();
    given(opened(TRAIL), completed).when(note(NEXT_DUE)).then(overdue);
    given(opened(TRAIL), completed, overdue).when(note('2027-03-01T00:00:00.000Z')).thenNothing();
    given(opened(TRAIL), withdrawn).when(note(NEXT_DUE)).thenNothing();
  });

  it('is not there at first', () => {
    given().when({ type: 'WithdrawReview', context: ANA }).thenRefused('no-such-review');
  });
});
