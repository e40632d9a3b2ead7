import { describe, expect, it } from 'vitest';
import { fold } from '#kernel';
import { changeRequest } from './change-request.js';
import type { ChangeRequestEvent, ResolvedChange } from './events.js';
import {
  captured,
  history,
  now,
  olga,
  ratifiedBy,
  recordDigest,
  releaseDigest,
  released,
  rule,
  under,
  MORE,
} from './testing/an-emergency.js';
import { waitedFor } from './waited-for.js';

/** What is waited for of somebody, by a policy under which one approves and two ratify. */
const of = (name: string, events: readonly ChangeRequestEvent[], roles = ['approver'], at = olga.at) =>
  waitedFor(fold(changeRequest, events), {
    person: { id: `id-of-${name}`, roles },
    policy: under(rule),
    stagePolicies: [],
    signersNow: now({ Ben: ['approver'] }),
    now: at,
  });

describe('R27: what a signature is waited for', () => {
  it('is an approval, of whoever signs in the ring and did not write it', () => {
    expect(of('Ben', history)).toMatchObject({
      kind: 'approval',
      recordDigest,
      missing: ['1 more signature, 1 with the role approver'],
    });
    expect(of('Ben', history, ['approver@pilot'])).toBeUndefined();
    expect(of('Ben', history, ['approver', 'admin'])).toBeUndefined();
    expect(of('Olga', history)).toBeUndefined();
  });

  it('is a ratification, of neither who wrote nor who released it, and once', () => {
    expect(of('Ben', [...history, released])).toMatchObject({
      kind: 'ratification',
      recordDigest: releaseDigest,
    });
    expect(of('Olga', [...history, released])).toBeUndefined();
    expect(of('Ben', [...history, released, ratifiedBy('Ben', MORE)])).toBeUndefined();
    expect(of('Eva', [...history, released, ratifiedBy('Ben', MORE)])).toMatchObject({ missing: MORE });
  });

  it('is none to resume what one’s own emergency halted, nor to be put on call', () => {
    const halt = { id: 'halt-1', at: olga.at, by: 'Holdfast', why: 'not ratified', concerns: ['id-of-Dan'] };
    const resumed: ResolvedChange = { kind: 'ring-halt', old: [halt], new: [] };
    const plain = { default: under().default, kinds: {} };
    const onCall: ResolvedChange = {
      kind: 'approval-policy',
      old: plain,
      new: { ...plain, emergency: rule },
    };
    for (const change of [resumed, onCall]) {
      expect(of('Dan', captured(change).history)).toBeUndefined();
      expect(of('Ben', captured(change).history)).toMatchObject({ kind: 'approval' });
    }
  });

  it('is none of what was never captured, and none after the latest time', () => {
    expect(of('Ben', history.slice(0, 2))).toBeUndefined();
    const [draft, ...more] = history;
    const window = { notAfter: '2026-11-23T00:00:00.000Z' };
    const timed = [{ ...draft, data: { ...draft?.data, window } } as ChangeRequestEvent, ...more];
    expect(of('Ben', timed)).toMatchObject({ kind: 'approval' });
    expect(of('Ben', timed, ['approver'], '2026-11-23T00:00:00.001Z')).toBeUndefined();
  });
});
