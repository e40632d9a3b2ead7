import { describe, expect, it } from 'vitest';
import { encodeEvent, fold, MOST_ITEMS, zoneOffset, type EventEnvelope, type JsonValue } from '#kernel';
import { byPerson, byWorker } from '#test/support/decider-specification';
import { changeRequest } from './change-request.js';
import type { ChangeRequestCommand } from './commands.js';
import type { ChangeItem } from './change-item.js';
import type { ChangeRequestEvent, Mismatch, OverrideChange } from './events.js';
import { digestOf } from './record.js';
import type { ChangeRequest } from './state.js';

const longest = '\u0001'.repeat(2_000);
const ana = byPerson('Ana', ['author'], { reason: { code: 'baseline', text: longest } });
const worker = byWorker('change-request/CR-2026-0001');

const names = (count: number) => Array.from({ length: count }, (_, i) => `a-snap-of-a-real-site-${i}`);
const items = (count: number): ChangeItem[] =>
  names(count).map((name) => ({
    format: 'snap',
    name,
    channel: 'latest/stable',
    architecture: 'amd64',
    version: '1234',
  }));
const choice = (version: string) => ({ version, manifest: version.repeat(64).slice(0, 64), declaration: 12 });
const changes = (count: number): OverrideChange[] =>
  names(count).map((name, i) => ({
    target: {
      format: 'snap',
      subject: String(i).padStart(32, 'x'),
      channel: 'latest/stable',
      architecture: 'amd64',
    },
    name,
    old: choice('1'),
    new: choice('2'),
  }));

const draft = (count: number): ChangeRequestCommand => ({
  type: 'DraftChange',
  id: 'CR-2026-0001',
  ring: 'default',
  items: items(count),
  submit: true,
  context: ana,
});
const report = (count: number): ChangeRequestCommand => ({
  type: 'ReportCapture',
  submission: 1,
  changes: changes(count),
  context: worker,
});

const after = (history: readonly ChangeRequestEvent[]): ChangeRequest => fold(changeRequest, history);
const statuses = (history: readonly ChangeRequestEvent[], more: readonly ChangeRequestEvent[]) =>
  more.map((_, i) => after([...history, ...more.slice(0, i + 1)]).status);

/** The bytes of an event with a long reason in its envelope. */
function stored({ type, data }: ChangeRequestEvent): Uint8Array {
  const { at, reason, cause, correlation, actor } = ana;
  const envelope: EventEnvelope = {
    id: cause,
    type,
    v: 4,
    stream: 'change-request/CR-2026-0001',
    streamRevision: '123456',
    part: [100, 100],
    at,
    zone: 'Europe/Zurich',
    offset: zoneOffset(at, 'Europe/Zurich'),
    actor,
    authorisedBy: [],
    reason,
    cause,
    correlation,
    data: data as unknown as JsonValue,
  };
  return encodeEvent(envelope);
}

describe('a request of as many items as one takes', () => {
  const drafted = changeRequest.decide(draft(MOST_ITEMS), after([]));
  const captured = changeRequest.decide(report(5_000), after(drafted));

  it('is drafted by events that fit, the longest reason in them, and takes effect with the last', () => {
    const parts = drafted.slice(0, -1);
    expect(parts.length).toBeGreaterThan(1);
    for (const event of drafted) expect(() => stored(event)).not.toThrow();
    expect(statuses([], drafted)).toEqual([...parts.slice(1).map(() => 'none'), 'drafted', 'submitted']);
    expect(after(drafted)).toMatchObject({ items: items(MOST_ITEMS) });
    expect(after(drafted)).not.toHaveProperty('drafting');
  });

  it('has none more', () => {
    expect(() => changeRequest.decide(draft(MOST_ITEMS + 1), after([]))).toThrow(
      '2001 items are too many; at most 2000 make one request',
    );
  });

  it('cannot be captured while its draft is not whole', () => {
    expect(changeRequest.decide(report(1), after(drafted.slice(0, 1)))).toEqual([]);
  });

  it('with a short reason is captured by events that fit; the digest is over all of them', () => {
    const short = byPerson('Ana', ['author']);
    const history = changeRequest.decide({ ...draft(MOST_ITEMS), context: short }, after([]));
    const parts = changeRequest.decide(report(5_000), after(history));
    expect(parts.length).toBeGreaterThan(1);
    for (const event of parts) expect(() => stored(event)).not.toThrow();
    expect(statuses(history, parts)).toEqual([...parts.slice(1).map(() => 'submitted'), 'captured']);
    const state = after([...history, ...parts]);
    if (state.status !== 'captured') throw new Error(state.status);
    expect(state.changes).toEqual(changes(5_000));
    expect(state).not.toHaveProperty('capturing');
    expect(state.recordDigest).toBe(digestOf({ ...state, changes: changes(5_000) }));
  });

  it('whose reason would be too long for each of its targets is refused, and says so', () => {
    const [refused, ...others] = captured;
    if (refused?.type !== 'CaptureRefused') throw new Error('it is refused');
    expect(others).toEqual([]);
    const { failures } = refused.data;
    expect(failures).toHaveLength(20);
    expect(failures[0]).toMatchObject({ code: 'too-many-targets' });
    expect(failures.at(-1)?.message).toMatch(
      /split it, or say why in fewer words \(and 1980 more items failed\)$/,
    );
    expect(() => stored(refused)).not.toThrow();
  });
});

describe('parts', () => {
  const drafted = changeRequest.decide({ ...draft(1), context: byPerson('Ana', ['author']) }, after([]));
  const parts = changeRequest.decide(report(1_000), after(drafted));

  it('that lack one are no capture', () => {
    const state = after([...drafted, ...parts.slice(0, -1)]);
    expect(state.status).toBe('submitted');
    expect(state).not.toHaveProperty('changes');
    expect(() => after([...drafted, ...parts.toSpliced(1, 1)])).toThrow('does not follow');
    expect(() => after([...drafted, ...parts.slice(1)])).toThrow('does not follow');
  });

  it('that are left lying have no effect on what comes', () => {
    const half = parts.slice(0, 1);
    expect(after([...drafted, ...half, { type: 'ChangeWithdrawn', data: { from: 'submitted' } }])).toEqual(
      after([...drafted, { type: 'ChangeWithdrawn', data: { from: 'submitted' } }]),
    );
    expect(after([...drafted, ...half, ...parts])).toEqual(after([...drafted, ...parts]));
  });

  it('that are not what was signed for are no history', () => {
    const [first, ...rest] = parts;
    if (first?.type !== 'ArtefactsCaptured') throw new Error('there is one');
    const bent = { ...first, data: { ...first.data, changes: first.data.changes.slice(1) } };
    expect(() => after([...drafted, bent, ...rest])).toThrow('not what its digest is of');
  });

  it('of what is no longer as it was turn a request stale with the last of them', () => {
    const state = after([...drafted, ...parts]);
    if (state.status !== 'captured') throw new Error(state.status);
    const mismatches = state.changes
      .filter((change) => change.kind === undefined)
      .map(({ target, old }): Mismatch => ({ target, expected: old, found: choice('3') }));
    const approved: ChangeRequestEvent = {
      type: 'ChangeApproved',
      data: {
        signature: {
          meaning: 'approved',
          signer: 'id-of-Ben',
          printedName: 'Ben',
          signedAt: ana.at,
          components: ['password'],
          credential: 'credential-1',
          recordDigest: state.recordDigest,
        },
      },
    };
    const started: ChangeRequestEvent = { type: 'ChangeStarted', data: { at: ana.at } };
    const history = [...drafted, ...parts, approved, started];
    const stale = changeRequest.decide({ type: 'MarkStale', mismatches, context: worker }, after(history));
    expect(stale.length).toBeGreaterThan(1);
    for (const event of stale) expect(() => stored(event)).not.toThrow();
    expect(statuses(history, stale)).toEqual([...stale.slice(1).map(() => 'approved'), 'stale']);
    expect(after([...history, ...stale])).toMatchObject({ mismatches });
    expect(after([...history, ...stale])).not.toHaveProperty('turning');
  });
});
