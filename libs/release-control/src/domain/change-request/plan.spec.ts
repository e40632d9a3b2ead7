import { describe, expect, it } from 'vitest';
import { fold } from '#kernel';
import { byPerson, specify } from '#test/support/decider-specification';
import { BUILT_IN_POLICY, type ApprovalPolicy } from '../approval-policy/approval-policy.js';
import { changeRequest } from './change-request.js';
import type { ChangeRequestEvent } from './events.js';
import { digestOf } from './record.js';
import { waitedFor } from './waited-for.js';
import {
  ana,
  approve,
  eva,
  item,
  signatureBy,
  submitted,
  TICKET,
  ticketReport,
  worker,
} from './testing/one-request.js';
import {
  approvedPlan,
  beforeLast,
  captured,
  changes,
  draftedData,
  draftPlan,
  evasData,
  evasSignature,
  qaToo,
  recordDigest,
  rollingOut,
  signatureData,
  signersNow,
  stages,
  startedPlan,
  stopped,
} from './testing/one-plan.js';

const { given } = specify(changeRequest);
const byBen = { ...approve, signature: signatureData.signature, stagePolicies: [BUILT_IN_POLICY, qaToo] };
const evaSigns = { ...eva, actor: { ...eva.actor, auth: 'password' as const } };
const byEva = { ...byBen, signature: evasSignature, context: evaSigns };

const heldUntil = (at: string) => ({ ...item, expiry: { at, action: 'keep' } as const });

describe('a plan', () => {
  it('is drafted with its rings, and what each waits for', () =>
    given().when(draftPlan).then({ type: 'ChangeDrafted', data: draftedData }));

  it.each([
    ['no later ring', { stages: [] }],
    ['a ring twice', { stages: [...stages, { ring: 'canary', soakHours: 1, verified: true }] }],
    ['a ring that waits for nothing', { stages: [{ ring: 'pilot', soakHours: 0, verified: false }] }],
    ['half an hour', { stages: [{ ring: 'pilot', soakHours: 0.5, verified: true }] }],
    ['a year', { stages: [{ ring: 'pilot', soakHours: 8_760, verified: true }] }],
    [
      'a share that nobody looks at',
      { stages: [{ ring: 'pilot', soakHours: 1, verified: false, installedPercent: 90 }] },
    ],
    [
      'more devices than there are',
      { stages: [{ ring: 'pilot', soakHours: 1, verified: true, installedPercent: 101 }] },
    ],
    ['a hold that is over before its last ring has it', { items: [heldUntil('2026-11-24T12:48:14.123Z')] }],
    ['another kind of change', { items: [item, { kind: 'access', access: 'gated' } as const] }],
  ])('is refused with %s', (_what, wrong) =>
    given()
      .when({ ...draftPlan, ...wrong })
      .thenRefused('invalid-plan'),
  );

  it('holds until the last ring can have it, at the least, by its earliest time too', () => {
    const items = [heldUntil('2026-11-24T12:48:14.124Z')];
    given()
      .when({ ...draftPlan, items })
      .then({ type: 'ChangeDrafted', data: { ...draftedData, items } });
    given()
      .when({ ...draftPlan, items, window: { notBefore: '2026-11-23T00:00:00.000Z' } })
      .thenRefused('invalid-plan');
  });

  it('is for who is an author in each of its rings', () =>
    given()
      .when({ ...draftPlan, context: byPerson('Ana', ['author@canary', 'author@pilot']) })
      .thenRefused('not-an-author'));

  it('is handed in, and said anew, by who still is an author in each of its rings', () => {
    const context = byPerson('Ana', ['author@canary', 'author@pilot']);
    const drafted: ChangeRequestEvent = { type: 'ChangeDrafted', data: draftedData };
    given(drafted).when({ type: 'SubmitChange', context }).thenRefused('not-an-author');
    given(drafted)
      .when({ type: 'ReviseChange', applied: false, items: [item], submit: false, context })
      .thenRefused('not-an-author');
    given(drafted)
      .when({
        type: 'ReviseChange',
        applied: false,
        items: [item, { kind: 'access', access: 'gated' }],
        submit: false,
        context: ana,
      })
      .thenRefused('invalid-plan');
  });

  it('R19: has its rings and gates in what is signed', () => {
    const other = fold(changeRequest, [
      { type: 'ChangeDrafted', data: { ...draftedData, stages: stages.toReversed() } },
      ...captured.slice(1, 2),
    ]);
    const [event] = changeRequest.decide(
      {
        type: 'ReportCapture',
        submission: 1,
        changes: changes,
        context: worker,
      },
      other,
    );
    expect(event).toMatchObject({ type: 'ArtefactsCaptured' });
    expect(event?.type === 'ArtefactsCaptured' && event.data.recordDigest).not.toBe(recordDigest);
  });

  it('is no emergency', () =>
    given(...captured)
      .when({
        type: 'ReleaseEmergency',
        signature: { ...signatureBy('Ben', 'released'), recordDigest },
        policy: {
          ...BUILT_IN_POLICY,
          emergency: { onCall: [{ person: 'id-of-Ben', login: 'ben' }], snaps: 'all', ratifyWithinHours: 12 },
        },
        context: approve.context,
      })
      .thenRefused('not-pre-authorised'));
});

describe('R26: signing a plan once', () => {
  it('is recorded with what it was made under in each ring, and approves it by the first ring’s policy', () =>
    given(...captured)
      .when(byBen)
      .then({
        type: 'ChangeApproved',
        data: {
          ...signatureData,
          stages: [
            { ring: 'pilot', policyVersion: 0, roles: ['approver'] },
            { ring: 'production', policyVersion: 4, roles: ['approver'] },
          ],
        },
      }));

  it('is asked of whoever a later ring asks for, before the first ring’s signatures are complete', () =>
    given(...captured)
      .when(byEva)
      .then({
        type: 'ApprovalSigned',
        data: { ...evasData, notCounted: [], missing: ['1 more signature, 1 with the role approver'] },
      }));

  it('is not asked of whom no ring asks for', () =>
    given(...captured)
      .when({ ...byEva, stagePolicies: [BUILT_IN_POLICY, BUILT_IN_POLICY] })
      .thenRefused('signature-not-needed'));

  it('is further asked for where a later ring asks for other people, after it was approved and while it is in force elsewhere', () => {
    for (const history of [approvedPlan, startedPlan, rollingOut])
      given(...history)
        .when({ ...byEva, type: 'SignStage', signersNow })
        .then({ type: 'StageSigned', data: evasData });
  });

  it('R26: is not taken where the ticket of the first ring, or of one that asks for it, is missing or turned down', () => {
    const ticket = { system: 'servicedesk' } as const;
    const asked = { ...byEva, type: 'SignStage' as const, signersNow };
    const would = {
      person: { id: 'id-of-Eva', roles: ['qa'] },
      policy: BUILT_IN_POLICY,
      stagePolicies: [BUILT_IN_POLICY, qaToo],
      signersNow,
      now: ana.at,
    };
    const state = fold(changeRequest, rollingOut);
    const notInPilot = evasData.stages.map((each) => (each.ring === 'pilot' ? { ...each, roles: [] } : each));
    expect(waitedFor(state, would)).toBeDefined();
    for (const more of [
      { policy: { ...BUILT_IN_POLICY, ticket } },
      { stagePolicies: [BUILT_IN_POLICY, { ...qaToo, ticket }] },
    ]) {
      given(...rollingOut)
        .when({ ...asked, ...more })
        .thenRefused('ticket-required');
      expect(waitedFor(state, { ...would, ...more })).toBeUndefined();
    }
    given(...rollingOut)
      .when({ ...asked, stagePolicies: [{ ...BUILT_IN_POLICY, ticket }, qaToo] })
      .then({
        type: 'StageSigned',
        data: { ...evasData, stages: notInPilot },
      });
  });

  describe('that later rings have a ticket for', () => {
    const ticket = { system: 'servicedesk', approved: 'before-signing' } as const;
    const withTicket = { ...draftedData, ticket: TICKET };
    const digest = digestOf({ ...withTicket, submittedAt: ana.at, changes });
    const signature = { ...byBen.signature, recordDigest: digest };
    const named: readonly ChangeRequestEvent[] = [
      { type: 'ChangeDrafted', data: withTicket },
      submitted,
      { type: 'ArtefactsCaptured', data: { submission: 1, changes, recordDigest: digest } },
    ];
    const approvedTicket: ChangeRequestEvent = { type: 'TicketStateReported', data: ticketReport };
    const asking = (pilot: ApprovalPolicy, production: ApprovalPolicy) => ({
      ...byBen,
      signature,
      stagePolicies: [pilot, production],
    });
    const inRings = (pilot: readonly string[], production: readonly string[]): ChangeRequestEvent => ({
      type: 'ChangeApproved',
      data: {
        ...signatureData,
        signature,
        stages: [
          { ring: 'pilot', policyVersion: 4, roles: pilot },
          { ring: 'production', policyVersion: 4, roles: production },
        ],
      },
    });

    it('R26: is not taken by the first ring alone where it counts in one whose ticket keeps people from signing', () => {
      const command = asking(qaToo, { ...qaToo, ticket });
      const would = {
        person: { id: 'id-of-Ben', roles: ['approver'] },
        policy: BUILT_IN_POLICY,
        stagePolicies: command.stagePolicies,
        signersNow: new Map(),
        now: ana.at,
      };
      given(...captured)
        .when({ ...byBen, stagePolicies: command.stagePolicies })
        .thenRefused('ticket-required');
      given(...named)
        .when(command)
        .thenRefused('ticket-not-approved');
      expect(waitedFor(fold(changeRequest, named), would)).toBeUndefined();
      given(...named, approvedTicket)
        .when(command)
        .then(inRings(['approver'], ['approver']));
      expect(waitedFor(fold(changeRequest, [...named, approvedTicket]), would)).toBeDefined();
    });

    it('R26: does not count, now or later, in one that does not ask for it and whose ticket keeps people from signing', () => {
      const qaAlone = { ...qaToo, default: { approvals: 1, roles: { qa: 1 }, order: 'any' } as const };
      const command = asking({ ...qaAlone, ticket }, qaToo);
      given(...named)
        .when(command)
        .then(inRings([], ['approver']));
      given(...named, approvedTicket)
        .when(command)
        .then(inRings(['approver'], ['approver']));
    });
  });

  it('is not asked for again of who signed, nor of a ring that has it', () => {
    given(...rollingOut)
      .when({ ...byBen, type: 'SignStage', signersNow })
      .thenRefused('already-signed');
    given(...beforeLast)
      .when({ ...byEva, type: 'SignStage', signersNow })
      .thenRefused('signature-not-needed');
  });

  it.each([
    [
      'R27: its author',
      {
        ...byEva,
        signature: { ...evasSignature, signer: 'id-of-Ana' },
        context: byPerson('Ana', ['qa'], { auth: 'password' }),
      },
      'author-cannot-approve',
    ],
    ['R22: a session alone', { ...byEva, context: eva }, 'signature-required'],
    [
      'R19: another record',
      { ...byEva, signature: { ...evasSignature, recordDigest: 'f'.repeat(64) } },
      'record-changed',
    ],
    [
      'an admin',
      { ...byEva, context: byPerson('Eva', ['qa', 'admin'], { auth: 'password' }) },
      'not-an-approver',
    ],
  ] as const)('is refused to %s', (_who, command, code) => {
    given(...captured)
      .when(command)
      .thenRefused(code);
    given(...rollingOut)
      .when({ ...command, type: 'SignStage', signersNow })
      .thenRefused(code);
  });

  it('is waited for of whom a later ring asks for, and of nobody else', () => {
    const would = (name: string, role: string) => ({
      person: { id: `id-of-${name}`, roles: [role] },
      policy: BUILT_IN_POLICY,
      stagePolicies: [BUILT_IN_POLICY, qaToo],
      signersNow,
      now: ana.at,
    });
    expect(waitedFor(fold(changeRequest, rollingOut), would('Eva', 'qa'))).toMatchObject({
      kind: 'approval',
      recordDigest,
      missing: ['1 more signature, 1 with the role qa, in ring production'],
    });
    expect(waitedFor(fold(changeRequest, rollingOut), would('Cyd', 'approver'))).toBeUndefined();
    expect(waitedFor(fold(changeRequest, rollingOut), would('Ana', 'qa'))).toBeUndefined();
    expect(waitedFor(fold(changeRequest, [...rollingOut, stopped]), would('Eva', 'qa'))).toBeUndefined();
  });
});
