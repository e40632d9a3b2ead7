import { beforeEach, describe, expect, it } from 'vitest';
import type { UpstreamSnapEvent } from '#catalog/domain/upstream-snap/events';
import type { Observation, RevisionLook } from '#catalog/domain/upstream-snap/observation';
import { upstreamSnap, upstreamSnapStream } from '#catalog/domain/upstream-snap/upstream-snap';
import { DECLARATION, observation, release } from '#catalog/testing/observations';
import { SNAP_ID } from '#catalog/testing/test-store';
import { InMemoryEventStore } from '#event-store/fake/in-memory-event-store';
import { decodeEvent, type EventEnvelope } from '#kernel';
import { StreamWriter } from '#platform/decide-and-append';
import { byWorker } from '#test/support/decider-specification';
import { publisherChange } from './publisher-change.js';

const stream = upstreamSnapStream(SNAP_ID);
const context = byWorker('watch-list/snap');
const newer = { ...DECLARATION, revision: 3, sha256: 'd3'.repeat(32) };
const look = (rest: Partial<RevisionLook>): readonly RevisionLook[] => [
  { revision: 7, architecture: 'amd64', version: '7.0', offered: true, held: true, ...rest },
];

/** What is seen one after the other, the first of which is a snap like any other, and the last event that the last one makes. */
interface Case {
  readonly what: string;
  readonly seen: readonly Partial<Observation>[];
  readonly event: UpstreamSnapEvent['type'];
}

const BLOCKS: readonly Case[] = [
  {
    what: 'a revoked declaration',
    seen: [{ declaration: { ...newer, revoked: true }, releases: null }],
    event: 'DeclarationRevoked',
  },
  {
    what: 'another publisher',
    seen: [{ declaration: newer, publisher: 'other' }],
    event: 'PublisherChanged',
  },
  {
    what: 'other signing keys',
    seen: [{ declaration: newer, signingKeys: ['key-c'] }],
    event: 'SigningKeysChanged',
  },
  {
    what: 'a held revision that vanished',
    seen: [{ revisions: look({ offered: false }) }],
    event: 'RevisionVanished',
  },
];

const BLOCKS_NOT: readonly Case[] = [
  {
    what: 'a vanished revision that nobody holds',
    seen: [{ revisions: look({ offered: false, held: false }) }],
    event: 'RevisionVanished',
  },
  { what: 'a held revision that is there', seen: [{ revisions: look({}) }], event: 'RevisionSeen' },
  {
    what: 'a revision that returned',
    seen: [{ revisions: look({ offered: false }) }, { revisions: look({}) }],
    event: 'RevisionReturned',
  },
  { what: 'another declaration', seen: [{ declaration: newer }], event: 'DeclarationChanged' },
  { what: 'another name', seen: [{ declaration: newer, name: 'lab-bye' }], event: 'SnapRenamed' },
  { what: 'a new revision', seen: [{ releases: [release('latest/stable', 2)] }], event: 'ChannelReleased' },
  { what: 'a closed channel', seen: [{ releases: [] }], event: 'ChannelClosed' },
];

let store: InMemoryEventStore;
let writer: StreamWriter;
beforeEach(() => {
  store = new InMemoryEventStore();
  writer = new StreamWriter(store, 'Etc/UTC');
});

async function observe(seen: Partial<Observation>): Promise<EventEnvelope> {
  const command = { type: 'ObserveSnap', observation: observation(seen), context } as const;
  await writer.decideAndAppend(upstreamSnap, stream, command);
  return last();
}

async function last(): Promise<EventEnvelope> {
  const events: EventEnvelope[] = [];
  for await (const { bytes } of store.readStream(stream)) events.push(decodeEvent(bytes));
  const event = events.at(-1);
  if (!event) throw new Error('nothing has happened yet');
  return event;
}

describe('of what a publisher does, a ring blocks the snap for', () => {
  it.each(BLOCKS)('$what', async ({ seen, event }) => {
    await observe({});
    for (const each of seen) await observe(each);
    const envelope = await last();
    expect(envelope.type).toBe(event);
    expect(await publisherChange(writer)(envelope)).toEqual({
      format: 'snap',
      subject: SNAP_ID,
      name: 'lab-hello',
    });
  });
});

describe('of what happens upstream, a ring does not block the snap for', () => {
  it.each(BLOCKS_NOT)('$what', async ({ seen, event }) => {
    await observe({});
    for (const each of seen) await observe(each);
    const envelope = await last();
    expect(envelope.type).toBe(event);
    expect(await publisherChange(writer)(envelope)).toBeUndefined();
  });

  it('its first sight', async () => {
    const envelope = await observe({ releases: [] });
    expect(envelope.type).toBe('SnapFirstSeen');
    expect(await publisherChange(writer)(envelope)).toBeUndefined();
  });

  it('a look that failed, and one that succeeds again', async () => {
    await observe({});
    const failed = {
      type: 'ReportObservationFailure',
      code: 'bad-signature',
      message: 'why',
      context,
    } as const;
    await writer.decideAndAppend(upstreamSnap, stream, failed);
    expect(await publisherChange(writer)(await last())).toBeUndefined();
    const recovered = await observe({});
    expect(recovered.type).toBe('ObservationRecovered');
    expect(await publisherChange(writer)(recovered)).toBeUndefined();
  });

  it('what stands in another stream, whatever it is called', async () => {
    await observe({});
    const envelope = await observe({ declaration: newer, publisher: 'other' });
    expect(await publisherChange(writer)({ ...envelope, stream: 'release-policy/default' })).toBeUndefined();
  });
});
