import { readFileSync } from 'node:fs';
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  encodeEvent,
  OLD_LOOKING,
  uuidv7,
  type DomainEvent,
  type EventEnvelope,
  type JsonObject,
  type JsonValue,
  type StatedBeforeIn,
} from '#kernel';
import { InMemoryEventStore } from '#event-store/fake/in-memory-event-store';
import { byPerson } from '#test/support/decider-specification';
import { kindOf, REPLAYED_KINDS } from './replayed-kinds.js';
import { RIGHT_HISTORIES } from './testing/old-values.js';
import { verifyHistory, type ReplayedHistory } from './verify-history.js';

const context = byPerson('Ana', ['author']);

/** As it would be stored, in version 1, which every release reads. */
function envelopesOf(stream: string, events: readonly DomainEvent[]): EventEnvelope[] {
  return events.map(({ type, data }, i) => ({
    ...context,
    id: uuidv7(),
    type,
    v: 1,
    stream,
    streamRevision: String(i),
    part: [i + 1, events.length],
    zone: 'UTC',
    offset: '+00:00',
    data: data as JsonValue,
  }));
}

async function replayedOf(
  histories: Readonly<Record<string, readonly DomainEvent[]>>,
): Promise<ReplayedHistory> {
  const store = new InMemoryEventStore();
  for (const [stream, events] of Object.entries(histories)) {
    const envelopes = envelopesOf(stream, events);
    await store.append(
      stream,
      -1n,
      envelopes.map((each) => ({ id: each.id, type: each.type, bytes: encodeEvent(each) })),
    );
  }
  return verifyHistory(store);
}

/** An event with what it says of the past, the stream up to it, and where it says so. */
interface Stating {
  readonly type: string;
  readonly stream: string;
  readonly index: number;
  readonly field: string;
  readonly stated: JsonValue;
}

const STATING: Stating[] = Object.entries(RIGHT_HISTORIES).flatMap(([stream, events]) => {
  const kind = kindOf(stream);
  let state = kind.initialState;
  return envelopesOf(stream, events).flatMap((envelope, index) => {
    const stated = kind.stated(state, envelope);
    state = kind.evolve(state, envelope);
    return stated.map((each) => ({ type: envelope.type, stream, index, ...each }));
  });
});

/** Another value, where the event says it. */
function lied(data: unknown, field: string, stated: JsonValue): unknown {
  const copy = structuredClone(data) as JsonObject;
  // All of the event's members say it.
  if (field === '') return { ...copy, subject: 'somebody else' };
  const path = field.split(/[.[\]]+/);
  const holder = path.slice(0, -1).reduce((at, step) => at[step] as JsonObject, copy);
  Object.assign(holder, { [path.at(-1) ?? '']: other(stated) });
  return copy;
}

function other(stated: JsonValue): JsonValue {
  if (typeof stated === 'number') return stated + 7;
  if (Array.isArray(stated)) return [...(stated as readonly JsonValue[]), 'one more'];
  if (stated === null || typeof stated !== 'object') return 'another';
  const [first = ''] = Object.keys(stated);
  return { ...(stated as JsonObject), [first]: 'another' };
}

describe('R03: an old value that an event states', () => {
  it('is right in every one of these histories', async () => {
    const { contradictions, stating } = await replayedOf(RIGHT_HISTORIES);
    expect(contradictions).toEqual([]);
    expect(stating).toBeGreaterThan(60n);
  });

  it('is there of every type that states one', () => {
    const types = REPLAYED_KINDS.flatMap(({ says }) =>
      Object.entries(says).flatMap(([type, what]) => (what === 'what-was-before' ? [type] : [])),
    );
    expect([...new Set(STATING.map(({ type }) => type))].sort()).toEqual([...new Set(types)].sort());
  });

  it.each(STATING)('$type: another one is named, by its position and field: $field', async (stating) => {
    const { stream, index, field, stated } = stating;
    const events = (RIGHT_HISTORIES[stream] ?? []).slice(0, index + 1);
    const history = events.map((event, i) =>
      i === index ? { ...event, data: lied(event.data, field, stated) } : event,
    );
    const { contradictions, count } = await replayedOf({ [stream]: history });
    const named = contradictions.map(({ position, type }) => ({ position, type }));
    expect({ named, count }).toEqual({ named: [{ position: BigInt(index), type: stating.type }], count: 1 });
    expect(contradictions[0]?.what.split(' says ')[0]).toBe(field === '' ? 'data' : `data.${field}`);
  });

  it('is not looked for behind an event that does not follow at all, which is named', async () => {
    const [enrolled, , , , , set] = RIGHT_HISTORIES['person/ana'] ?? [];
    const history = [enrolled, set, set, set].filter((each) => each !== undefined);
    const { contradictions } = await replayedOf({ 'person/ana': history });
    expect(contradictions.map(({ position, what }) => [position, what.slice(0, 45)])).toEqual([
      [1n, 'data.enrolment says "s-2", and the events bef'],
      [2n, 'data.enrolment says "s-2", and the events bef'],
      [2n, 'does not follow from the events before it: a '],
    ]);
  });
});

describe('R03: what is compared', () => {
  it('is known of every type of event', () => {
    const rows = readFileSync('docs/reference/events.md', 'utf8')
      .split('\n')
      .filter((line) => /^\|.*\|.*\|.*\|$/.test(line))
      .slice(2);
    const inPage = rows.flatMap((row) =>
      [...(row.split('|')[2] ?? '').matchAll(/`([A-Z]\w+)`/g)].map(([, type = '']) => type),
    );
    const known = REPLAYED_KINDS.flatMap(({ says }) => Object.keys(says));
    expect([...new Set(known)].sort()).toEqual([...new Set(inPage)].sort());
  });

  it('cannot be forgotten of a type with a member that looks like an old value', () => {
    type Moved = DomainEvent<'Moved', { readonly old: string; readonly new: string }>;
    type Said = StatedBeforeIn<Moved, string>;
    expectTypeOf<{ Moved: { because: string } }>().toExtend<Said>();
    // It says what was before, and nobody compares it.
    expectTypeOf<{ Moved: null }>().not.toExtend<Said>();
    expect(OLD_LOOKING).toContain('old');
  });
});
