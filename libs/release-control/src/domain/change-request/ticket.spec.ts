import { describe, expect, it } from 'vitest';
import { fold } from '#kernel';
import { byPerson, byWorker, specify } from '#test/support/decider-specification';
import { BUILT_IN_POLICY, type ApprovalPolicy } from '../approval-policy/approval-policy.js';
import { changeRequest } from './change-request.js';
import type { ReportTicketState } from './commands.js';
import { dueOf } from './due.js';
import type { ChangeRequestEvent } from './events.js';
import { digestOf } from './record.js';
import {
  ana,
  approval,
  approve as approvalWanted,
  applied,
  captured as capturedWithout,
  change,
  dayAfter,
  draft,
  drafted as draftedWithout,
  draftedData,
  draftedWithTicket as drafted,
  item,
  night,
  report,
  started,
  submitted,
  TICKET,
  ticketReport,
} from './testing/one-request.js';
import { ticketStateOf, type TicketReport } from './ticket.js';
import { waitedFor } from './waited-for.js';

const { given } = specify(changeRequest);

const recordDigest = digestOf({ ...draftedData, ticket: TICKET, submittedAt: ana.at, changes: [change] });
const captured: ChangeRequestEvent = {
  type: 'ArtefactsCaptured',
  data: { ...capturedWithout.data, recordDigest },
};
const open = [drafted, submitted, captured];
const signature = { ...approval.signature, recordDigest };
const approved = (more: object = {}): ChangeRequestEvent => ({
  type: 'ChangeApproved',
  data: { ...approval, signature, ...more },
});
const awaiting = [...open, approved({ awaitsTicket: true })];

const asking = (ticket: ApprovalPolicy['ticket']): ApprovalPolicy => ({
  ...BUILT_IN_POLICY,
  ...(ticket ? { ticket } : {}),
});
const named = asking({ system: 'servicedesk' });
const beforeSigning = asking({ system: 'servicedesk', approved: 'before-signing' });
const beforeEffect = asking({ system: 'servicedesk', approved: 'before-effect' });
const approve = (policy: ApprovalPolicy) => ({ ...approvalWanted, signature, policy });

const said = (more: Partial<TicketReport> = {}): ChangeRequestEvent => ({
  type: 'TicketStateReported',
  data: { ...ticketReport, ...more },
});
const context = { ...byWorker('ticket-system/servicedesk'), at: '2026-11-22T12:50:00.000Z' };
const saying = (more: Partial<ReportTicketState> = {}): ReportTicketState => ({
  ...ticketReport,
  type: 'ReportTicketState',
  id: 'CR-2026-0001',
  context,
  ...more,
});
const start = {
  type: 'StartChange',
  policy: BUILT_IN_POLICY,
  applied: false,
  context: byWorker('change-request/CR-2026-0001'),
} as const;

describe('the ticket of a request', () => {
  it('is named by its author, and is part of what is signed', () => {
    given()
      .when({ ...draft, ticket: TICKET })
      .then(drafted);
    given(drafted, submitted).when(report).then(captured);
    expect(recordDigest).not.toBe(capturedWithout.data.recordDigest);
    given(...open)
      .when(approvalWanted)
      .thenRefused('record-changed');
  });
  it.each<[string, object]>([
    ['no system', { system: '' }],
    ['a system in capitals', { system: 'Desk' }],
    ['an id of two words', { id: 'CHG 1' }],
    ['no id', { id: '' }],
    ['an id with a quote', { id: 'CHG"1' }],
    ['another scheme', { url: 'javascript:alert(1)' }],
    ['a password in the address', { url: 'https://me:secret@tickets.example/1' }],
    ['an address that would break a page', { url: 'https://tickets.example/"><script>' }],
    ['an address without end', { url: `https://tickets.example/${'a'.repeat(500)}` }],
  ])('is refused with %s', (_what, wrong) => {
    given()
      .when({ ...draft, ticket: { ...TICKET, ...wrong } })
      .thenRefused('invalid-ticket');
  });
  it('is said anew with a revision, and what was said of it before counts no more', () => {
    const revise = {
      type: 'ReviseChange',
      applied: false,
      items: [item],
      submit: false,
      context: ana,
    } as const;
    const again: ChangeRequestEvent = {
      type: 'ChangeRevised',
      data: { revision: 2, from: 'captured', reason: ana.reason, items: [item], ticket: TICKET },
    };
    given(...open, said())
      .when({ ...revise, ticket: TICKET })
      .then(again);
    const state = fold(changeRequest, [...open, said(), again]);
    expect(state).toMatchObject({ ticket: TICKET, earlier: [{ ticket: TICKET }] });
    expect('ticket' in state && ticketStateOf(state)).toBeNull();
    expect(
      fold(changeRequest, [...open, { ...again, data: { ...again.data, ticket: undefined } }]),
    ).not.toHaveProperty('ticket');
    given(...open, again)
      .when(saying({ message: 'msg_2' }))
      .thenRefused('ticket-revision-differs');
  });
});

describe('R26: a ring that asks for a ticket', () => {
  const without = [draftedWithout, submitted, capturedWithout];
  it('has nothing approved that names none, or one of another system', () => {
    given(...without)
      .when({ ...approvalWanted, policy: named })
      .thenRefused('ticket-required');
    given(...open)
      .when(approve(asking({ system: 'other' })))
      .thenRefused('ticket-required');
  });
  it('has it approved where the ticket is to be named, and no more', () => {
    given(...open)
      .when(approve(named))
      .then(approved());
  });
  it('has nobody sign before the ticket is approved, where it says so', () => {
    given(...open)
      .when(approve(beforeSigning))
      .thenRefused('ticket-not-approved');
    given(...open, said())
      .when(approve(beforeSigning))
      .then(approved());
    const would = { policy: beforeSigning, signersNow: new Map(), now: ana.at };
    const ben = { id: 'id-of-Ben', roles: ['approver'] };
    expect(waitedFor(fold(changeRequest, open), { person: ben, ...would })).toBeUndefined();
    expect(waitedFor(fold(changeRequest, [...open, said()]), { person: ben, ...would })).toBeDefined();
  });
  it('lets nobody sign for what the system turned down, whatever it asks for', () => {
    for (const state of ['rejected', 'cancelled'] as const)
      for (const policy of [BUILT_IN_POLICY, named, beforeSigning, beforeEffect])
        given(...open, said(), said({ message: 'msg_2', state }))
          .when(approve(policy))
          .thenRefused('ticket-not-approved');
  });
  it('never counts what the system says as a signature', () => {
    const two = { ...beforeSigning, default: { approvals: 2, roles: {}, order: 'any' } } as const;
    const missing = ['1 more signature'];
    given(...open, said())
      .when(approve(two))
      .then({ type: 'ApprovalSigned', data: { ...approval, signature, missing } });
  });
  it('keeps nobody from rejecting', () => {
    given(...open)
      .when({
        ...approvalWanted,
        type: 'RejectChange',
        signature: { ...signature, meaning: 'rejected' },
        policy: beforeSigning,
      })
      .then({
        type: 'ChangeRejected',
        data: { signature: { ...signature, meaning: 'rejected' }, policyVersion: 0, roles: ['approver'] },
      });
  });
});

describe('R26: a ticket that is to be approved before the change takes effect', () => {
  it('is waited for after the approval', () => {
    given(...open)
      .when(approve(beforeEffect))
      .then(approved({ awaitsTicket: true }));
    given(...awaiting)
      .when(start)
      .thenNothing();
    given(...awaiting, said())
      .when(start)
      .then(started);
  });
  it('is waited for by what is scheduled too, which expires meanwhile', () => {
    const scheduled = [
      { ...drafted, data: { ...draftedData, ticket: TICKET, window: night } } as ChangeRequestEvent,
      ...awaiting.slice(1),
    ];
    const at = (time: string) => ({ ...start, context: { ...start.context, at: time } });
    given(...scheduled)
      .when(at(night.notBefore))
      .thenNothing();
    given(...scheduled, said())
      .when(at(night.notBefore))
      .then({ type: 'ChangeStarted', data: { at: night.notBefore } });
    given(...scheduled)
      .when(at(dayAfter))
      .then({ type: 'ChangeExpired', data: { from: 'scheduled', notAfter: night.notAfter } });
  });
  it('has its latest time kept by the schedule', () => {
    const limited = [
      {
        ...drafted,
        data: { ...draftedData, ticket: TICKET, window: { notAfter: night.notAfter } },
      } as ChangeRequestEvent,
      ...awaiting.slice(1),
    ];
    expect(dueOf(fold(changeRequest, limited))).toEqual({ at: night.notAfter, does: 'expire' });
    expect(dueOf(fold(changeRequest, [...limited, said()]))).toBeNull();
    expect(dueOf(fold(changeRequest, awaiting))).toBeNull();
  });
  it('is waited for past its earliest time, of which the schedule knows that it is as it should be', () => {
    const scheduled = [
      { ...drafted, data: { ...draftedData, ticket: TICKET, window: night } } as ChangeRequestEvent,
      ...awaiting.slice(1),
    ];
    const due = { at: night.notBefore, does: 'start' };
    expect(dueOf(fold(changeRequest, scheduled))).toEqual({ ...due, waitsForTicket: true });
    expect(dueOf(fold(changeRequest, [...scheduled, said()]))).toEqual(due);
  });
});

describe('R26: what a ticket system says', () => {
  it('is recorded, and is no more than that while the request is open', () => {
    for (const state of ['approved', 'rejected', 'cancelled'] as const)
      given(...open)
        .when(saying({ state }))
        .then(said({ state }));
  });
  it.each(['rejected', 'cancelled'] as const)('recalls what was approved, when it is %s', (state) => {
    const ticket = { system: 'servicedesk', id: 'CHG-2042' };
    given(...awaiting)
      .when(saying({ state }))
      .then(said({ state }), {
        type: 'ChangeRecalled',
        data: { from: 'approved', ticket, ticketState: state },
      });
  });
  it('stops nothing that is taking effect, or is in force', () => {
    for (const history of [[started], [started, applied]])
      given(...open, approved(), ...history)
        .when(saying({ state: 'rejected' }))
        .then(said({ state: 'rejected' }));
  });
  it('turned down stands, where it is said to be approved at the same time', () => {
    given(...open, said({ state: 'rejected' }))
      .when(saying({ message: 'msg_2' }))
      .thenRefused('ticket-state-overtaken');
    given(...open, said())
      .when(saying({ message: 'msg_2', state: 'rejected' }))
      .then(said({ message: 'msg_2', state: 'rejected' }));
  });
  it('starts nothing by itself', () => {
    given(...awaiting)
      .when(saying())
      .then(said());
  });
  it.each<[string, Partial<ReportTicketState>, string]>([
    [
      'of a ticket that the request does not name',
      { ticket: { system: 'servicedesk', id: 'CHG-1' } },
      'no-such-ticket',
    ],
    ['by another system', { ticket: { system: 'other', id: 'CHG-2042' } }, 'no-such-ticket'],
    ['of a revision that is to come', { revision: 2 }, 'ticket-revision-differs'],
    ['twice', {}, 'ticket-message-replayed'],
    [
      'that is older than what is known',
      { message: 'msg_2', at: '2026-11-22T12:39:59.999Z' },
      'ticket-state-overtaken',
    ],
    ['by nobody', { message: 'msg_2', by: '  ' }, 'ticket-message-malformed'],
    [
      'by somebody with a line break',
      { message: 'msg_2', by: 'jane\n2026 approved' },
      'ticket-message-malformed',
    ],
    ['by a whole page', { message: 'msg_2', by: 'j'.repeat(201) }, 'ticket-message-malformed'],
  ])('is refused %s', (_what, more, code) => {
    given(...open, said())
      .when(saying(more))
      .thenRefused(code);
  });
  it('is refused of a request that names no ticket, or that there is not', () => {
    given(draftedWithout).when(saying()).thenRefused('no-such-ticket');
    given().when(saying()).thenRefused('no-such-ticket');
  });
  it('does not go on for ever', () => {
    const many = Array.from({ length: 100 }, (_, n) => said({ message: `msg_${n}` }));
    given(...open, ...many)
      .when(saying({ message: 'one more' }))
      .thenRefused('too-many-ticket-states');
  });
  it('is of no person: a person’s recall names who', () => {
    given(...awaiting)
      .when({ type: 'RecallChange', context: byPerson('Ana', ['author']) })
      .then({ type: 'ChangeRecalled', data: { from: 'approved', by: { id: 'id-of-Ana', name: 'Ana' } } });
  });
});
