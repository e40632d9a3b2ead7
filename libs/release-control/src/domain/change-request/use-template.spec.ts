import { describe, expect, it } from 'vitest';
import { fold, type Timed } from '#kernel';
import { byPerson, specify } from '#test/support/decider-specification';
import { BUILT_IN_POLICY } from '../approval-policy/approval-policy.js';
import type { ReleasePolicyEvent } from '../release-policy/events.js';
import { servedSince } from '../release-policy/served-since.js';
import type { TemplateInRing } from '../template/why-not.js';
import { changeRequest } from './change-request.js';
import type { ReportCapture } from './commands.js';
import type { OverrideChange } from './events.js';
import { digestOf } from './record.js';
import {
  approved,
  captured,
  change,
  drafted,
  draftedData,
  facts,
  granted,
  inRing,
  notApplied,
  recordDigest,
  ref,
  report,
  signatureBy,
  signed,
  started,
  submitted,
  template,
  uma,
  use,
  worker,
} from './testing/a-standard-change.js';

const { given } = specify(changeRequest);
const HERE = 'lab-fw on latest/stable for amd64';
const draft = { type: 'DraftChange', ring: 'production', id: 'CR-2026-0009', context: uma } as const;
const asked = { ...draft, items: draftedData.items, template: ref, submit: false };

describe('R27: the use of a template', () => {
  it('is drafted with the version of the template that it is under', () => given().when(asked).then(drafted));

  it.each([
    ['handed in unsigned', { submit: true }],
    ['a release plan', { stages: [{ ring: 'later', soakHours: 1, verified: false }] }],
    ['in the place of another request', { supersedes: 'CR-2026-0001' }],
    ['of anything but revisions', { items: [{ kind: 'access', access: 'open' }] }],
    ['a release to upstream', { items: [{ ...draftedData.items[0], version: null }] }],
  ])('is never %s', (_, more) =>
    given()
      .when({ ...asked, ...more } as typeof asked)
      .thenRefused('not-a-standard-change'),
  );

  it('is signed by its author, and handed in, in one append', () =>
    given(drafted).when(use).then(signed, submitted));

  it('is not handed in without that signature', () =>
    given(drafted).when({ type: 'SubmitChange', context: uma }).thenRefused('not-a-standard-change'));

  it('is refused to whoever approved that version of the template', () => {
    const approvedBy = [{ person: 'id-of-Uma', name: 'Uma', signedAt: uma.at }];
    given(drafted)
      .when({ ...use, granted: { ...granted, approvedBy } })
      .thenRefused('own-template');
  });

  it('is refused to another account of who approved it', () => {
    const linked = new Map([['id-of-Uma', 'id-of-Ben']]);
    given(drafted)
      .when({ ...use, context: { ...uma, linked } })
      .thenRefused('own-template');
  });

  it.each([
    ['not-an-author', ['approver']],
    ['not-an-approver', ['author']],
    ['not-an-approver', ['author', 'approver', 'admin']],
    ['not-a-template-user', ['author', 'qa']],
  ])('is refused, %s, to who holds %j', (code, roles) =>
    given(drafted)
      .when({ ...use, context: byPerson('Uma', roles, { auth: 'password' }) })
      .thenRefused(code),
  );

  it('is refused to a token, to another person, and without a signature over exactly the draft', () => {
    const owner = { id: 'id-of-Uma', name: 'Uma', roles: ['author', 'approver'] };
    const token = {
      ...uma,
      actor: { kind: 'token', id: 'token-1', name: 'ci', owner },
    } as unknown as typeof uma;
    given(drafted)
      .when({ ...use, context: token })
      .thenRefused('not-an-author');
    given(drafted)
      .when({ ...use, context: byPerson('Eva', ['author', 'approver'], { auth: 'password' }) })
      .thenRefused('not-the-author');
    given(drafted)
      .when({ ...use, signature: { ...use.signature, meaning: 'approved' } })
      .thenRefused('signature-required');
    given(drafted)
      .when({ ...use, signature: signatureBy('Uma', recordDigest) })
      .thenRefused('record-changed');
  });

  it.each([
    ['withdrawn', null],
    ['another version by now', { ...granted, version: 4 }],
    ['ended', { ...granted, template: { ...template, until: uma.at } }],
  ])('is refused where the template is %s', (_, now) =>
    given(drafted)
      .when({ ...use, granted: now })
      .thenRefused('template-not-in-force'),
  );

  it('is of a request that names a template', () =>
    given({ type: 'ChangeDrafted', data: (({ template: _, ...rest }) => rest)(draftedData) })
      .when(use)
      .thenRefused('not-a-standard-change'));
});

describe('R26: what a use comes to, once it is captured', () => {
  const handedIn = [drafted, signed, submitted];
  const withFacts = (more: Partial<NonNullable<ReportCapture['template']>>): ReportCapture => ({
    ...report,
    template: { ...inRing, ...facts, policy: BUILT_IN_POLICY, ...more },
  });
  const inForce = (more: Partial<typeof template>): Partial<TemplateInRing> => ({
    granted: { ...granted, template: { ...template, ...more } },
  });
  const of = (next: Partial<OverrideChange>): ReportCapture => ({
    ...report,
    changes: [{ ...change, ...next }],
  });
  const capturedWith = ({ changes }: ReportCapture) => ({
    type: 'ArtefactsCaptured' as const,
    data: {
      submission: 1,
      changes,
      recordDigest: digestOf({ ...draftedData, submittedAt: uma.at, changes }),
    },
  });

  it('is approved by its template, in the same append, and says who approved that', () => {
    given(...handedIn)
      .when(report)
      .then(captured, approved);
    expect(fold(changeRequest, [...handedIn, captured, approved])).toMatchObject({
      status: 'approved',
      signature: { meaning: 'released-by-template', signer: 'id-of-Uma' },
      use: { approved: { changeRequest: 'CR-2026-0005', approvedBy: granted.approvedBy } },
    });
  });

  const rule = { ring: 'pilot', hours: 24, verified: false };
  const soaking = (at: string, ...after: readonly Timed<ReleasePolicyEvent>[]) => {
    const data = {
      target: change.target,
      name: 'lab-fw',
      old: null,
      new: change.new,
      changeRequest: 'CR-2026-0003',
    };
    const set = { type: 'OverrideSet', data, at } as Timed<ReleasePolicyEvent>;
    return { soak: { source: fold(servedSince, [set, ...after]), found: new Map() } };
  };
  const haltedInPilot: Timed<ReleasePolicyEvent> = {
    type: 'RingHalted',
    data: { halt: { id: 'halt-1', at: worker.at, by: 'Olga', why: 'odd' }, old: [], new: ['halt-1'] },
    at: worker.at,
  };

  it.each<[string, ReportCapture, ...string[]]>([
    [
      'the template was withdrawn',
      withFacts({ granted: null }),
      'it is not in force: there was none, or it was withdrawn',
    ],
    [
      'there is another version',
      withFacts({ granted: { ...granted, version: 4 } }),
      'version 4 of it is in force',
    ],
    ['it ended', withFacts(inForce({ until: worker.at })), `it ended at ${worker.at}`],
    [
      'its user lost the role',
      withFacts({ signerNow: { roles: ['qa'], resets: 0 } }),
      'who uses it is not approver any more',
    ],
    [
      'its user was reset',
      withFacts({ signerNow: { roles: ['approver'], resets: 1 } }),
      'who uses it is not approver any more',
    ],
    [
      'its user signed the template',
      withFacts({
        granted: { ...granted, approvedBy: [{ person: 'id-of-Uma', name: 'Uma', signedAt: uma.at }] },
      }),
      'who uses it is among those who approved it',
    ],
    [
      'it was used too often',
      withFacts({ usedAt: ['2026-11-16T00:00:00.000Z', '2026-11-21T00:00:00.000Z'] }),
      'it was used 2 times in 7 days, at most 2',
    ],
    [
      'it is the wrong hour',
      withFacts(inForce({ hours: { from: 'mon 08:00', to: 'thu 16:00', zone: 'UTC' } })),
      `it is for mon 08:00 to thu 16:00 (UTC), and it is ${worker.at}`,
    ],
    [
      'something is halted',
      withFacts({ withheld: ['lab-fw is halted in ring production'] }),
      'lab-fw is halted in ring production',
    ],
    [
      'it is of more than the template takes',
      withFacts(inForce({ mostTargets: 0 })),
      'it changes 1 targets, at most 0 at once',
    ],
    [
      'it is of another snap',
      of({ target: { ...change.target, subject: 'other' } }),
      'lab-fw on latest/stable for amd64: no snap of the template has the id other',
    ],
    [
      'it is of another channel',
      withFacts(inForce({ channels: ['latest/edge'] })),
      `${HERE}: the template does not name the channel`,
    ],
    [
      'it is of another architecture',
      withFacts(inForce({ architectures: ['arm64'] })),
      `${HERE}: the template does not name the architecture`,
    ],
    ['it is not held', of({ old: null }), `${HERE}: the ring does not hold it yet`],
    [
      'it goes back',
      of({ old: { version: '6', manifest: 'c'.repeat(64) } }),
      `${HERE}: revision 5 is not newer than 6`,
    ],
    [
      'it is held until another time',
      of({
        new: {
          version: '5',
          manifest: 'b'.repeat(64),
          expiry: { at: '2027-01-01T00:00:00.000Z', action: 'keep' },
        },
      }),
      `${HERE}: it would be held until another time than it is`,
    ],
    [
      'nothing says how it differs',
      of({ difference: { lines: [], marks: [], omitted: 1 } }),
      `${HERE}: not all that differs is in the record`,
    ],
    [
      'the publisher changed',
      of({ difference: { lines: [{ what: 'publisher', old: 'acme', new: 'other' }], marks: [] } }),
      `${HERE}: publisher changed`,
    ],
    [
      'an interface changed',
      of({ difference: { lines: [{ what: 'plug home', old: null, new: 'home' }], marks: [] } }),
      `${HERE}: plug home changed`,
    ],
    [
      'it is marked',
      of({ difference: { lines: [], marks: [{ code: 'epoch', text: 'epoch 0 → 1' }] } }),
      `${HERE}: epoch: epoch 0 → 1`,
    ],
    [
      'it did not soak',
      withFacts({ ...inForce({ soak: rule }), ...soaking('2026-11-22T00:00:00.000Z') }),
      'lab-fw 5 is in force in ring pilot since 2026-11-22T00:00:00.000Z, and 24 hours are asked for',
    ],
    [
      'nobody has it',
      withFacts({ ...inForce({ soak: rule }), soak: { source: servedSince.initialState, found: new Map() } }),
      'ring pilot does not hold lab-fw 5 on latest/stable, amd64',
    ],
    [
      'it is halted where it soaks',
      withFacts({ ...inForce({ soak: rule }), ...soaking('2026-11-01T00:00:00.000Z', haltedInPilot) }),
      'ring pilot is halted',
    ],
  ])('is in review, as every other request, with the reason: %s', (_, command, ...reasons) =>
    given(...handedIn)
      .when(command)
      .then(capturedWith(command), notApplied(...reasons)),
  );

  it('is approved where a mark passes, the revision soaked, and the hours are these', () => {
    const passes = {
      ...inForce({
        passes: ['epoch'],
        soak: rule,
        hours: { from: 'sun 00:00', to: 'mon 00:00', zone: 'UTC' },
      }),
    };
    const command = withFacts({ ...passes, ...soaking('2026-11-21T12:00:00.000Z') });
    const marked = { ...change, difference: { lines: [], marks: [{ code: 'epoch', text: 'epoch 0 → 1' }] } };
    const changes = { ...command, changes: [marked] };
    given(...handedIn)
      .when(changes)
      .then(capturedWith(changes), approved);
  });

  it('is in review without a ticket that the ring asks for', () => {
    const policy = {
      ...BUILT_IN_POLICY,
      ticket: { system: 'servicedesk', approved: 'before-effect' as const },
    };
    given(...handedIn)
      .when(withFacts({ policy }))
      .then(
        captured,
        notApplied(
          "the ring's approval policy asks for a ticket of servicedesk, and the request names none: revise it",
        ),
      );
  });

  it('is approved with a ticket that may be approved later, and waits for it', () => {
    const ticket = { system: 'servicedesk', id: 'CHG-7', url: 'https://tickets.example/CHG-7' };
    const policy = {
      ...BUILT_IN_POLICY,
      ticket: { system: 'servicedesk', approved: 'before-effect' as const },
    };
    const ticketed = { type: 'ChangeDrafted' as const, data: { ...draftedData, ticket } };
    const events = changeRequest.decide(
      withFacts({ policy }),
      fold(changeRequest, [ticketed, signed, submitted]),
    );
    expect(events).toMatchObject([
      { type: 'ArtefactsCaptured' },
      { type: 'ApprovedByTemplate', data: { awaitsTicket: true } },
    ]);
  });

  it('is in review again when the ring refuses it as it begins, and nobody’s approval is left', () => {
    const begun = [...handedIn, captured, approved, started];
    given(...begun)
      .when({
        type: 'VoidTemplateUse',
        reasons: ['it ended at noon'],
        policy: BUILT_IN_POLICY,
        context: worker,
      })
      .then(notApplied('it ended at noon'));
    const after = fold(changeRequest, [...begun, notApplied('it ended at noon')]);
    expect(after).toMatchObject({
      status: 'in-review',
      signatures: [],
      missing: ['1 more signature, 1 with the role approver'],
    });
    expect(after).not.toHaveProperty('signature');
    expect(after).not.toHaveProperty('started');
  });

  it('is then decided on by others alone, its author never', () => {
    const review = [...handedIn, captured, notApplied('it ended at noon')];
    const approve = (name: string) => ({
      type: 'ApproveChange' as const,
      signature: { ...signatureBy(name, recordDigest), meaning: 'approved' as const },
      policy: BUILT_IN_POLICY,
      signersNow: new Map(),
      context: byPerson(name, ['author', 'approver'], { auth: 'password' }),
    });
    given(...review)
      .when(approve('Uma'))
      .thenRefused('author-cannot-approve');
    const state = changeRequest.decide(approve('Ben'), fold(changeRequest, review));
    expect(state).toMatchObject([{ type: 'ChangeApproved' }]);
  });

  it('loses template and signature by a revision', () => {
    const history = [...handedIn, captured, notApplied('it ended at noon')];
    const { items } = draftedData;
    const revise = { type: 'ReviseChange', applied: false, items, submit: false, context: uma } as const;
    const events = changeRequest.decide(revise, fold(changeRequest, history));
    const revised = fold(changeRequest, [...history, ...events]);
    expect(revised).toMatchObject({
      status: 'drafted',
      earlier: [{ template: ref, use: { signature: { signer: 'id-of-Uma' } } }],
    });
    expect(revised).not.toHaveProperty('template');
    expect(revised).not.toHaveProperty('use');
  });

  it('of what was not signed as one, nothing comes', () => {
    const plain = { type: 'ChangeDrafted' as const, data: (({ template: _, ...rest }) => rest)(draftedData) };
    const { template: __, ...command } = report;
    const events = changeRequest.decide(command, fold(changeRequest, [plain, submitted]));
    expect(events.map(({ type }) => type)).toEqual(['ArtefactsCaptured']);
  });
});
