import { expect, it, onTestFinished, vi } from 'vitest';
import { systemClock, uuidv7 } from '#kernel';
import { InMemoryEventStore } from '#event-store/fake/in-memory-event-store';
import { NO_STREAM } from '#event-store/port';
import type { Sink } from '../domain/sinks/sinks.js';
import { aMessage } from '../testing/a-message.js';
import type { Message } from './message.js';
import type { SinkParts } from './sink-parts.js';
import { SinkRunner } from './sink-runner.js';

const sink: Sink = {
  name: 'ops',
  number: 1,
  target: { kind: 'syslog', server: 'syslog+tls://siem.example:6514' },
  filter: { about: [], types: [] },
  secret: null,
  giveUpAfterHours: 24,
  status: 'active',
  from: '0',
  replays: [],
  failingSince: null,
};

/** What happens to a sink that refuses the event at position 2 for good, in order. */
function watched(): { readonly happened: string[]; readonly parts: SinkParts; store: InMemoryEventStore } {
  const happened: string[] = [];
  const store = new InMemoryEventStore();
  const nothing = () => undefined;
  const parts: SinkParts = {
    store,
    positions: {
      load: () => Promise.resolve(undefined),
      save: async (_sink, { start }, delivered) =>
        void (delivered && happened.push(`kept: next is ${start}`)),
      giveUp: async (_sink, { position }) => void happened.push(`gave up ${position}`),
      forgetLetters: () => Promise.resolve(),
    },
    open: () =>
      Promise.resolve({
        send: async ({ position }: Message) => {
          happened.push(`sent ${position}`);
          return position === 2n ? { kind: 'refused', why: 'no' } : { kind: 'delivered' };
        },
        close: () => Promise.resolve(),
      }),
    observer: {
      opened: nothing,
      delivered: nothing,
      tried: nothing,
      gaveUp: nothing,
      broke: nothing,
      failing: () => Promise.resolve(),
      recovered: () => Promise.resolve(),
    },
    clock: systemClock,
    chance: () => 0,
    patience: () => ({ first: 1, longest: 1, giveUpAfter: 60_000, refusals: 2 }),
  };
  return { happened, parts, store };
}

it('keeps its place after each event that was taken, also within one append', async () => {
  const { happened, parts, store } = watched();
  const stream = 'release-policy/production';
  const events = [0, 1, 2, 3].map((i) => {
    const { envelope, bytes } = aMessage({ id: uuidv7(), stream, streamRevision: String(i) });
    return { id: envelope.id, type: envelope.type, bytes };
  });
  await store.append(stream, NO_STREAM, events);
  const runner = new SinkRunner(sink, parts);
  onTestFinished(() => runner.stop());
  runner.start();
  await vi.waitFor(() => expect(happened).toContain('kept: next is 4'));
  expect(happened).toEqual([
    'sent 0',
    'kept: next is 1',
    'sent 1',
    'kept: next is 2',
    'sent 2',
    'sent 2',
    'gave up 2',
    'sent 3',
    'kept: next is 4',
  ]);
});
