import { Gauge, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { aStream, someEvents } from '#event-store/contract/examples.contract';
import { InMemoryEventStore } from '#event-store/fake/in-memory-event-store';
import type { Cursor } from '#event-store/port';
import { encodeEvent, uuidv7, type EventEnvelope } from '#kernel';
import { lagBehind, LAG_COUNTED } from './lag.js';
import { lagMetrics } from './lag-metrics.js';

const AT = '2026-11-24T08:00:00.000Z';
const NOW = Date.parse(AT) + 90_000;

function happened(at: string) {
  const id = uuidv7();
  const envelope: EventEnvelope = {
    id,
    type: 'SomethingHappened',
    v: 1,
    stream: 'example/1',
    streamRevision: '0',
    part: [1, 1],
    at,
    zone: 'Etc/UTC',
    offset: '+00:00',
    actor: { kind: 'service', id: 'worker', for: 'example/1' },
    authorisedBy: [],
    reason: { code: 'test', text: 'a spec asks for it' },
    cause: uuidv7(),
    correlation: uuidv7(),
    data: {},
  };
  return { id, type: envelope.type, bytes: encodeEvent(envelope) };
}

describe('lagBehind', () => {
  it('is nothing at the end of the store', async () => {
    const store = new InMemoryEventStore();
    expect(await lagBehind(store, null, NOW)).toEqual({ events: 0, seconds: 0 });
    const { cursor } = await store.append(aStream(), -1n, [happened(AT)]);
    expect(await lagBehind(store, cursor, NOW)).toEqual({ events: 0, seconds: 0 });
  });

  it('is the age of the oldest event that is not taken', async () => {
    const store = new InMemoryEventStore();
    const { cursor } = await store.append(aStream(), -1n, [happened('2026-11-24T07:00:00.000Z')]);
    await store.append(aStream(), -1n, [happened(AT), happened(AT)]);
    expect(await lagBehind(store, cursor, NOW)).toEqual({ events: 2, seconds: 90 });
    expect(await lagBehind(store, null, NOW)).toEqual({ events: 3, seconds: 3690 });
  });

  it('is not below nothing when a clock was set back', async () => {
    const store = new InMemoryEventStore();
    await store.append(aStream(), -1n, [happened(AT)]);
    expect(await lagBehind(store, null, Date.parse(AT) - 1000)).toEqual({ events: 1, seconds: 0 });
  });

  it('is not counted to its end', async () => {
    const store = new InMemoryEventStore();
    for (let i = 0; i < 3; i++) await store.append(aStream(), -1n, someEvents(400));
    expect(await lagBehind(store, null, NOW)).toEqual({ events: LAG_COUNTED, seconds: 0 });
  });
});

describe('lagMetrics', () => {
  it('shows each follower, and reads the store once for those at one place', async () => {
    const metrics = new Registry();
    const store = new InMemoryEventStore();
    const { cursor } = await store.append(aStream(), -1n, [happened(AT)]);
    let reads = 0;
    const readAll = (after: Cursor | null) => {
      reads++;
      return store.readAll(after);
    };
    lagMetrics(metrics, {
      of: 'projection',
      store: { readAll },
      followers: async () => [
        { name: 'people', cursor: null },
        { name: 'overrides', cursor: null },
        { name: 'audit-trail', cursor },
      ],
    });
    const shown = await metrics.metrics();
    expect(shown).toContain('holdfast_projection_lag_events{projection="people"} 1');
    expect(shown).toContain('holdfast_projection_lag_events{projection="overrides"} 1');
    expect(shown).toContain('holdfast_projection_lag_seconds{projection="audit-trail"} 0');
    expect(reads).toBe(2);
  });

  it('shows the rest while the database is silent', async () => {
    const metrics = new Registry();
    lagMetrics(metrics, {
      of: 'reactor',
      store: new InMemoryEventStore(),
      followers: () => new Promise(() => undefined),
    });
    new Gauge({ name: 'another', help: 'Another', registers: [metrics] }).set(7);
    const shown = await metrics.metrics();
    expect(shown).toContain('another 7');
    expect(shown).not.toContain('holdfast_reactor_lag_seconds{');
  }, 4_000);

  it('shows nothing, rather than nonsense, while nothing can be read', async () => {
    const metrics = new Registry();
    lagMetrics(metrics, {
      of: 'reactor',
      store: new InMemoryEventStore(),
      followers: () => Promise.reject(new Error('ECONNREFUSED')),
    });
    expect(await metrics.metrics()).not.toContain('holdfast_reactor_lag_seconds{');
  });
});
