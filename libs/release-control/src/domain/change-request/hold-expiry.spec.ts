import { describe, expect, it } from 'vitest';
import { fold, type CommandContext } from '#kernel';
import { byWorker, specify } from '#test/support/decider-specification';
import { BUILT_IN_POLICY } from '../approval-policy/approval-policy.js';
import { changeRequest } from './change-request.js';
import { dueOf } from './due.js';
import type { ChangeRequestEvent } from './events.js';
import { digestOf } from './record.js';
import {
  ana,
  approval,
  approve,
  ben,
  change,
  draft,
  draftedData,
  item,
  started,
  submitted,
} from './testing/one-request.js';

const { given } = specify(changeRequest);

const END = '2026-11-22T22:00:00.000Z';
const before = '2026-11-22T21:59:59.999Z';

const worker = (at: string): CommandContext => byWorker('change-request/CR-2026-0001', { at });
const start = (at: string, applied = false) =>
  ({ type: 'StartChange', policy: BUILT_IN_POLICY, applied, context: worker(at) }) as const;
const expire = (at: string) => ({ type: 'ExpireChange', applied: false, context: worker(at) }) as const;
const over = (from: string): ChangeRequestEvent => ({ type: 'ChangeExpired', data: { from, notAfter: END } });

describe('R38: a hold whose end is past', () => {
  const expiry = { at: END, action: 'release' } as const;
  const items = [{ ...item, expiry }];
  const changes = [{ ...change, new: { version: '1', manifest: 'a'.repeat(64), expiry } }];
  const digest = digestOf({ ...draftedData, items, submittedAt: ana.at, changes });
  const held: readonly ChangeRequestEvent[] = [
    { type: 'ChangeDrafted', data: { ...draftedData, items } },
    submitted,
    { type: 'ArtefactsCaptured', data: { submission: 1, changes, recordDigest: digest } },
  ];
  const signed = { ...approval.signature, recordDigest: digest };
  const decided: ChangeRequestEvent = { type: 'ChangeApproved', data: { ...approval, signature: signed } };

  it('is not approved any more', () => {
    const by = (at: string) => ({ ...approve, signature: signed, context: { ...ben, at } });
    given(...held)
      .when(by(before))
      .then(decided);
    given(...held)
      .when(by(END))
      .thenRefused('too-late');
  });
  it('expires, whoever decided on it, and its request is looked at then', () => {
    expect(dueOf(fold(changeRequest, held))).toEqual({ at: END, does: 'expire' });
    given(...held)
      .when(expire(before))
      .thenNothing();
    given(...held)
      .when(expire(END))
      .then(over('captured'));
    given(...held, decided)
      .when(start(END))
      .then(over('approved'));
    given(...held, decided, started)
      .when(expire(END))
      .then(over('approved'));
    given(...held, decided, started)
      .when(start(END, true))
      .thenNothing();
  });
  it('is none that the request was handed in with: two years ahead, at most', () => {
    const until = (at: string) => [{ ...item, expiry: { at, action: 'keep' } as const }];
    given()
      .when({ ...draft, items: until('2028-11-22T12:48:14.123Z') })
      .then({ type: 'ChangeDrafted', data: { ...draftedData, items: until('2028-11-22T12:48:14.123Z') } });
    for (const at of [ana.at, '2028-11-22T12:48:14.124Z', '9999-12-31T00:00:00.000Z'])
      given()
        .when({ ...draft, items: until(at) })
        .thenRefused('invalid-items');
  });
});

describe('R38: a hold whose end a promotion carries on', () => {
  const expiry = { at: END, action: 'keep' } as const;
  const items = [{ kind: 'promotion', from: 'pilot' }] as const;
  const changes = [{ ...change, new: { version: '1', manifest: 'a'.repeat(64), expiry } }];
  const digest = digestOf({ ...draftedData, items, submittedAt: ana.at, changes });
  const handedIn: readonly ChangeRequestEvent[] = [
    { type: 'ChangeDrafted', data: { ...draftedData, items } },
    submitted,
  ];
  const open: readonly ChangeRequestEvent[] = [
    ...handedIn,
    { type: 'ArtefactsCaptured', data: { submission: 1, changes, recordDigest: digest } },
  ];
  const signed = { ...approval.signature, recordDigest: digest };
  const decided: ChangeRequestEvent = { type: 'ChangeApproved', data: { ...approval, signature: signed } };

  it('is no longer carried on once its end has come, whoever asked for it in time', () => {
    const report = (at: string) =>
      ({ type: 'ReportCapture', submission: 1, changes, context: worker(at) }) as const;
    given(...handedIn)
      .when(report(before))
      .then({ type: 'ArtefactsCaptured', data: { submission: 1, changes, recordDigest: digest } });
    const message = `lab-hello on latest/stable for amd64 would be held until ${END}, which is no time in the future: it is ${END}`;
    given(...handedIn)
      .when(report(END))
      .then({
        type: 'CaptureRefused',
        data: { submission: 1, failures: [{ item: items[0], code: 'invalid-items', message }] },
      });
  });
  it('is not approved, and does not begin, once its end has come', () => {
    const by = (at: string) => ({ ...approve, signature: signed, context: { ...ben, at } });
    given(...open)
      .when(by(before))
      .then(decided);
    given(...open)
      .when(by(END))
      .thenRefused('too-late');
    expect(dueOf(fold(changeRequest, open))).toEqual({ at: END, does: 'expire' });
    given(...open, decided)
      .when(start(before))
      .then({ type: 'ChangeStarted', data: { at: before } });
    given(...open, decided)
      .when(start(END))
      .then(over('approved'));
    given(...open, decided, started)
      .when(expire(END))
      .then(over('approved'));
  });
});
