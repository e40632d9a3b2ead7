import { expect, it } from 'vitest';
import { decodeEvent, StoppedClock, type EventEnvelope } from '#kernel';
import { InMemoryEventStore } from '#event-store/fake/in-memory-event-store';
import { StreamWriter } from '#platform/decide-and-append';
import { byWorker } from '#test/support/decider-specification';
import { releasePolicy, releasePolicyStream } from '../../domain/release-policy/release-policy.js';
import type { CapturePort } from '../capture-submitted-change/capture-port.js';
import { resolveItem } from '../capture-submitted-change/resolve-item.js';
import { blockReactor } from './reactor.js';

const subject = { format: 'snap', subject: 'id-of-lab-hello', name: 'lab-hello' };
const lift = { kind: 'block', ...subject, old: 'blocked', new: null };
const stream = releasePolicyStream('default');
const context = byWorker('change-request/CR-1');
const clock = new StoppedClock('2026-11-23T08:00:01.000Z');
const catalog: CapturePort = {
  capture: async ({ channel, version }) => [
    {
      target: { format: 'snap', subject: subject.subject, channel, architecture: 'amd64' },
      name: subject.name,
      version,
      manifest: version.repeat(64),
    },
  ],
  compare: async () => ({ lines: [], marks: [] }),
  identify: async () => subject,
  mayMean: (_format, asked, channel) => asked === channel,
};

const policyOf = () => Promise.reject(new Error('there is one ring'));
const resolving = {
  capture: catalog,
  room: 0,
  ring: 'default',
  people: () => Promise.resolve(null),
  membership: {
    rings: () => Promise.resolve(['default']),
    policyOf,
    list: () => Promise.resolve([]),
    devices: () => Promise.resolve([]),
  },
};

const store = new InMemoryEventStore();
const writer = new StreamWriter(store, 'Etc/UTC');
const policy = async () => (await writer.load(releasePolicy, stream)).state;

it('tells a ring of publishers’ doings, and an override that is asked for anew lifts the block', async () => {
  await writer.decideAndAppend(releasePolicy, stream, {
    type: 'ApplyChange',
    changeRequest: 'CR-1',
    changes: [{ kind: 'publisher-changes', old: 'keep', new: 'block' }],
    context,
  });
  const events: EventEnvelope[] = [];
  const reactor = blockReactor({
    writer,
    clock,
    rings: async () => ['pilot', 'default'],
    changedBy: async ({ type }) => (type === 'PublisherChanged' ? subject : undefined),
  });
  const happened = async (type: string) => {
    const [template] = await all();
    if (!template) throw new Error('nothing has happened yet');
    const envelope = { ...template, id: `event-${type}`, type, stream: 'upstream-snap/id-of-lab-hello' };
    await reactor.handle({ envelope: { ...envelope, at: '2026-11-23T08:00:00.000Z' } });
  };
  async function all(): Promise<EventEnvelope[]> {
    events.length = 0;
    for await (const { bytes } of store.readStream(stream)) events.push(decodeEvent(bytes));
    return [...events];
  }

  await happened('ChannelReleased');
  expect((await policy()).blocked.size).toBe(0);
  await happened('PublisherChanged');
  await happened('PublisherChanged');
  expect((await all()).slice(1)).toMatchObject([
    {
      type: 'SnapBlocked',
      actor: { kind: 'service', id: 'worker', for: 'upstream-snap/id-of-lab-hello' },
      cause: 'event-PublisherChanged',
      data: { because: { type: 'PublisherChanged' }, changeRequest: 'CR-1' },
    },
  ]);

  const override = { format: 'snap', name: 'lab-hello', channel: 'latest/stable', version: '2' };
  const anew = await resolveItem(override, await policy(), resolving);
  expect(anew).toMatchObject([{ new: { version: '2' } }, lift]);
  const alone = { kind: 'unblock', format: 'snap', name: 'lab-hello' } as const;
  expect(await resolveItem(alone, await policy(), resolving)).toEqual([lift]);
  await writer.decideAndAppend(releasePolicy, stream, {
    type: 'ApplyChange',
    changeRequest: 'CR-2',
    changes: anew,
    context,
  });
  expect((await policy()).blocked.size).toBe(0);
  await expect(resolveItem(alone, await policy(), resolving)).rejects.toMatchObject({ code: 'not-listed' });
});
