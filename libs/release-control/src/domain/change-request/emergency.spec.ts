import { describe, expect, it } from 'vitest';
import { fold } from '#kernel';
import { byPerson, byWorker, specify } from '#test/support/decider-specification';
import { BUILT_IN_POLICY } from '../approval-policy/approval-policy.js';
import type { Freeze } from '../approval-policy/freeze.js';
import { servedSince } from '../release-policy/served-since.js';
import { changeRequest } from './change-request.js';
import type { ReleaseEmergency } from './commands.js';
import type { ChangeItem } from './change-item.js';
import type { ResolvedChange } from './events.js';
import type { HoldExpiry } from './hold-expiry.js';
import { releaseRecordOf } from './ratify.js';
import { digestOf, releaseDigestOf, releaseOf } from './record.js';
import { isEmergency } from './state.js';
import {
  DAN,
  TOOL,
  captured,
  context,
  draft,
  history,
  olga,
  override,
  recordDigest,
  release,
  released,
  releasedBy,
  rule,
  signatureBy,
  under,
} from './testing/an-emergency.js';
import { TICKET, ticketReport } from './testing/one-request.js';

const { given } = specify(changeRequest);

describe('R26: an emergency', () => {
  it('is released by one who is on call, also their own request, with the policy’s version and until when it is to be ratified', () =>
    given(...history)
      .when(release(under(rule)))
      .then(released));

  it('is no approval: the request is released, and what was signed says so', () =>
    expect(fold(changeRequest, [...history, released])).toMatchObject({
      status: 'released',
      signature: { meaning: 'released' },
      emergency: { ratification: 'open', signatures: [] },
    }));

  it('is also of all snaps, where the policy says so', () =>
    given(...history)
      .when(release(under({ ...rule, snaps: 'all' })))
      .then(released));

  it('is refused where the policy pre-authorises none', () =>
    given(...history)
      .when(release(under()))
      .thenRefused('not-pre-authorised'));

  it('is refused to who is not on call at that moment, whoever was when it was drafted', () =>
    given(...history)
      .when(release(under({ ...rule, onCall: [DAN] })))
      .thenRefused('not-on-call'));

  it('is refused where the system of its ticket turned it down, and waits for no ticket else', () => {
    const ticketed = [
      { type: 'ChangeDrafted' as const, data: { ...draft, ticket: TICKET } },
      ...history.slice(1),
    ];
    given(...ticketed)
      .when(release(under(rule)))
      .then(released);
    for (const state of ['rejected', 'cancelled'] as const)
      given(...ticketed, { type: 'TicketStateReported', data: { ...ticketReport, state } })
        .when(release(under(rule)))
        .thenRefused('ticket-not-approved');
  });

  it.each([[['author']], [['author', 'operator']], [['author', 'approver', 'admin']], [[]]])(
    'is refused to who holds the roles %j at that moment',
    (roles) =>
      given(...history)
        .when(release(under(rule), { context: context('Olga', roles) }))
        .thenRefused('not-an-approver'),
  );

  it('passes a freeze of the ring that says so, and waits for the end of any other', () => {
    const freeze = { from: '2026-11-22T00:00', to: '2026-11-23T00:00', zone: 'UTC', reason: 'stock-taking' };
    const frozen = (emergencies: Freeze['emergencies']) => ({
      ...under(rule),
      freezes: [{ ...freeze, emergencies }],
    });
    given(...history)
      .when(release(frozen('pass')))
      .then(released);
    given(...history)
      .when(release(frozen('wait')))
      .thenRefused('ring-frozen');
    given(...history)
      .when(
        release({ ...under(rule), freezes: [{ ...freeze, emergencies: 'wait', to: '2026-11-22T12:00' }] }),
      )
      .then(released);
  });

  it('R25: waits for no soak in another ring, and says what it would have waited for', () => {
    const soak = { source: servedSince.initialState, found: new Map() };
    const policy = { ...under(rule), soak: { ring: 'pilot', hours: 24, verified: false } };
    const why = 'ring pilot does not hold lab-tool 11 on latest/stable, amd64';
    const state = fold(changeRequest, history);
    const [event] = changeRequest.decide(release(policy, { soak }), state);
    expect(event).toMatchObject({ type: 'EmergencyReleased', data: { soakPassedOver: why } });
    if (!event) throw new Error('it is released');
    const after = changeRequest.evolve(state, event);
    expect(after).toMatchObject({ emergency: { soakPassedOver: why } });
    if (!isEmergency(after)) throw new Error('it is released');
    // Whoever ratifies signs that as well: what says nothing of it has the digest that it always had.
    const record = releaseRecordOf(after);
    expect(record.soakPassedOver).toBe(why);
    const { soakPassedOver: _, ...without } = record;
    expect(releaseDigestOf(record)).not.toBe(releaseDigestOf(without));
    expect(releaseOf(without)).not.toHaveProperty('soakPassedOver');
  });

  it('gives nothing back to upstream, and is no promotion', () => {
    const back = captured({ ...override, new: null });
    const signature = signatureBy('Olga', 'released', back.recordDigest);
    given(...back.history)
      .when(release(under({ ...rule, snaps: 'all' }), { signature }))
      .thenRefused('not-pre-authorised');
    const [drafted, ...rest] = history;
    if (drafted?.type !== 'ChangeDrafted') throw new Error('a request begins with its draft');
    const items = [{ kind: 'promotion', from: 'pilot', snaps: [] }] as unknown as typeof drafted.data.items;
    given({ ...drafted, data: { ...drafted.data, items } }, ...rest)
      .when(release(under({ ...rule, snaps: 'all' })))
      .thenRefused('not-pre-authorised');
  });

  it.each(['release', 'block'] as const)('ends in no %s by the same signature, but is kept', (action) => {
    const at = '2026-11-22T12:50:00.000Z';
    const held = (expiry: HoldExpiry) => {
      const items = draft.items.map((item) => ({ ...item, expiry }));
      const change = { ...override, new: { version: '11', manifest: 'b'.repeat(64), expiry } };
      return { items, change };
    };
    const asked = (items: readonly ChangeItem[], change: ResolvedChange) => {
      const digest = digestOf({ ...draft, items, submittedAt: olga.at, changes: [change] });
      const signature = signatureBy('Olga', 'released', digest);
      const when = release(under({ ...rule, snaps: 'all' }), { signature });
      return given(
        { type: 'ChangeDrafted', data: { ...draft, items } },
        { type: 'ChangeSubmitted', data: { submission: 1, at: olga.at } },
        { type: 'ArtefactsCaptured', data: { submission: 1, changes: [change], recordDigest: digest } },
      ).when(when);
    };
    const [ends, stays] = [held({ at, action }), held({ at, action: 'keep' })];
    asked(ends.items, override).thenRefused('not-pre-authorised');
    asked(draft.items, ends.change).thenRefused('not-pre-authorised');
    const kept = digestOf({ ...draft, items: stays.items, submittedAt: olga.at, changes: [stays.change] });
    asked(stays.items, stays.change).then(releasedBy(signatureBy('Olga', 'released', kept)));
  });

  it('is of a snap by what it is, and not by its name', () => {
    const transferred = { ...rule, snaps: [{ ...TOOL, subject: 'another', name: 'lab-tool' }] };
    given(...history)
      .when(release(under(transferred)))
      .thenRefused('not-pre-authorised');
  });

  const OTHERS: readonly ResolvedChange[] = [
    { kind: 'access', old: 'gated', new: 'open' },
    { kind: 'listing', ...TOOL, name: 'lab-tool', old: null, new: 'allowed' },
    { kind: 'publisher-changes', old: 'block', new: 'keep' },
    { kind: 'block', ...TOOL, name: 'lab-tool', old: 'blocked', new: null },
    { kind: 'approval-policy', old: BUILT_IN_POLICY, new: { ...BUILT_IN_POLICY, emergency: rule } },
    { kind: 'ring-halt', old: [], new: [] },
    { kind: 'halt', ...TOOL, name: 'lab-tool', old: [], new: [] },
  ];
  it.each(OTHERS.map((change) => [change.kind, change] as const))(
    'changes no %s, also beside an override that is pre-authorised',
    (_kind, change) => {
      const both = captured(override, change);
      const signature = signatureBy('Olga', 'released', both.recordDigest);
      given(...both.history)
        .when(release(under({ ...rule, snaps: 'all' }), { signature }))
        .thenRefused('not-pre-authorised');
    },
  );

  it('takes the password at that act, the meaning, and the exact record', () => {
    const refused = (more: Partial<ReleaseEmergency>, code: string) =>
      given(...history)
        .when(release(under(rule), more))
        .thenRefused(code);
    refused({ context: byPerson('Olga', ['approver']) }, 'signature-required');
    refused({ signature: signatureBy('Olga', 'approved', recordDigest) }, 'signature-required');
    refused({ signature: signatureBy('Ben', 'released', recordDigest) }, 'signature-required');
    refused({ signature: signatureBy('Olga', 'released', 'c'.repeat(64)) }, 'record-changed');
    refused({ context: byWorker('change-request/CR-2026-0001') }, 'not-an-author');
  });

  it('is released once, and neither approved nor withdrawn after it', () => {
    given(...history, released)
      .when(release(under(rule)))
      .thenRefused('not-allowed-in-status');
    given(...history, released)
      .when({ type: 'WithdrawChange', context: olga })
      .thenRefused('not-allowed-in-status');
  });
});
