import { describe, expect, it } from 'vitest';
import { cellOf, type HeldFact, type UpdateFacts } from './cell.js';

const NOW = '2026-11-27T12:00:00.000Z';
const held = (version: string, more: Partial<HeldFact> = {}): HeldFact => ({
  version,
  since: '2026-10-01T00:00:00.000Z',
  changeRequest: 'CR-2026-0001',
  reason: 'validated for line 3',
  acceptance: null,
  newerSince: null,
  ...more,
});
const facts = (more: Partial<UpdateFacts> = {}): UpdateFacts => ({
  version: '12',
  requests: [],
  verifiedBefore: [],
  held: [],
  withheld: null,
  devicesWithAny: 1,
  devicesWithThis: 0,
  ...more,
});
const request = (status: UpdateFacts['requests'][number]['status'], why: string | null = null) => {
  return { id: 'CR-2026-0002', status, why, capturedAt: '2026-10-28T12:00:00.000Z' };
};
const state = (more: Partial<UpdateFacts>) => cellOf('pilot', facts(more), NOW, 30).state;

describe('R37: an update in a ring', () => {
  it.each<[string, Partial<UpdateFacts>]>([
    ['not-applicable', { devicesWithAny: 0 }],
    ['known', {}],
    ['evaluated', { requests: [request('captured')], held: [held('11')] }],
    ['evaluated', { requests: [request('in-review')] }],
    ['tested', { verifiedBefore: [{ ring: 'lab', id: 'CR-2026-0009' }], held: [held('11')] }],
    ['tested', { verifiedBefore: [{ ring: 'lab', id: 'CR-2026-0009' }], requests: [request('in-review')] }],
    ['approved', { requests: [request('scheduled')], held: [held('11')] }],
    ['approved', { requests: [request('effective')], held: [held('12')] }],
    ['approved', { requests: [request('rolling-out')], held: [held('11')] }],
    ['approved', { requests: [request('stopped')], held: [held('12')] }],
    ['not-applied', { requests: [request('stopped')], held: [held('11')] }],
    ['deployed', { devicesWithThis: 3, held: [held('12')] }],
    ['not-applied', { held: [held('11')] }],
    ['not-applied', { requests: [request('rejected')] }],
    ['not-applied', { requests: [request('verification-failed')], held: [held('11')] }],
    ['not-applied', { withheld: 'the ring is halted' }],
  ])('is %s', (expected, more) => expect(state(more)).toBe(expected));

  it('that is not applied says why, and what was accepted about the risk', () => {
    const not = (more: Partial<UpdateFacts>) => cellOf('pilot', facts(more), NOW, 30).notApplied;
    expect(not({ held: [held('11', { acceptance: 'no network there; owner olga' })] })).toEqual({
      reason: 'it holds 11 since 2026-10-01T00:00:00.000Z by CR-2026-0001: validated for line 3',
      mitigation: 'no network there; owner olga',
    });
    expect(not({ requests: [request('rejected', 'it breaks the printer')] })).toEqual({
      reason: 'CR-2026-0002 was rejected: it breaks the printer',
      mitigation: null,
    });
    expect(not({ withheld: 'lab-hello is denied', held: [held('11')] })?.reason).toBe('lab-hello is denied');
    expect(not({ held: [held('12')] })).toBeNull();
    expect(not({ held: [held('11')], requests: [request('approved')] })).toBeNull();
    expect(not({ devicesWithThis: 1 })).toBeNull();
  });

  it('that upstream has had for longer than a hold may be unreviewed raises a review', () => {
    const cell = (newerSince: string, version = '12') =>
      cellOf('pilot', facts({ version, held: [held('11', { newerSince })] }), NOW, 30);
    expect(cell('2026-10-28T13:00:00.000Z')).toMatchObject({ behindDays: 29, reviewDue: false });
    expect(cell('2026-10-28T12:00:00.000Z')).toMatchObject({ behindDays: 30, reviewDue: true });
    expect(cell('2026-10-01T00:00:00.000Z', '10')).toMatchObject({ behindDays: null, reviewDue: false });
  });

  it('that was taken on, and is not applied for as long, raises a review as well', () => {
    const cell = (more: Partial<UpdateFacts>) => cellOf('pilot', facts(more), NOW, 30);
    const due = { takenOnDays: 30, reviewDue: true };
    for (const status of [
      'captured',
      'in-review',
      'approved',
      'scheduled',
      'released',
      'rolling-out',
    ] as const)
      expect(cell({ requests: [request(status)] })).toMatchObject(due);
    const later = { ...request('captured'), capturedAt: '2026-10-28T12:00:00.001Z' };
    expect(cell({ requests: [later] })).toMatchObject({ takenOnDays: 29, reviewDue: false });
    expect(cell({ requests: [later, request('in-review')] })).toMatchObject(due);
    const none = { takenOnDays: null, reviewDue: false };
    for (const status of ['drafted', 'submitted', 'capture-refused'] as const)
      expect(cell({ requests: [{ ...request(status), capturedAt: null }] })).toMatchObject(none);
    // Why it is not applied was said.
    for (const status of ['rejected', 'withdrawn', 'expired', 'stale', 'stopped'] as const)
      expect(cell({ requests: [request(status)] })).toMatchObject(none);
    expect(cell({ requests: [request('rolling-out')], held: [held('12')] })).toMatchObject(none);
    expect(cell({ requests: [request('captured')], devicesWithThis: 1 })).toMatchObject(none);
  });

  it('names the requests that it was evaluated, tested and approved in', () => {
    const verifiedBefore = [{ ring: 'lab', id: 'CR-2026-0009' }];
    expect(
      cellOf('pilot', facts({ requests: [request('closed')], held: [held('12')], verifiedBefore }), NOW, 30),
    ).toMatchObject({
      evaluatedIn: ['CR-2026-0002'],
      testedIn: [...verifiedBefore, { ring: 'pilot', id: 'CR-2026-0002' }],
      approvedIn: ['CR-2026-0002'],
    });
  });
});
