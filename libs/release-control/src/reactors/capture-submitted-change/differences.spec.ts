import { expect, it } from 'vitest';
import { decodeEvent, StoppedClock } from '#kernel';
import { InMemoryEventStore } from '#event-store/fake/in-memory-event-store';
import { StreamWriter } from '#platform/decide-and-append';
import { byPerson, byWorker } from '#test/support/decider-specification';
import { changeRequest, changeRequestStream } from '../../domain/change-request/change-request.js';
import { digestOf } from '../../domain/change-request/record.js';
import { releasePolicy, releasePolicyStream } from '../../domain/release-policy/release-policy.js';
import type { CapturePort } from './capture-port.js';
import { captureReactor } from './reactor.js';

const target = (architecture: string) => {
  return { format: 'snap', subject: 'id-of-lab-hello', channel: 'latest/stable', architecture };
};
const asked: string[] = [];
const capture: CapturePort = {
  capture: async ({ name, version }) =>
    ['amd64', 'arm64'].map((architecture) => {
      return { target: target(architecture), name, version, manifest: version.repeat(64) };
    }),
  compare: async (format, before, after, room) => {
    asked.push(`${format} ${before?.slice(0, 1)} ${after.slice(0, 1)} ${room}`);
    return { lines: [{ what: 'base', old: before, new: after }], marks: [{ code: 'base', text: 'another' }] };
  },
  identify: () => Promise.reject(new Error('nothing is named here')),
  mayMean: () => true,
};

it('has each version compared, once, with the one before it; what came of it is bound by what is signed, and no part of the policy', async () => {
  const store = new InMemoryEventStore();
  const writer = new StreamWriter(store, 'Etc/UTC');
  const policy = releasePolicyStream('default');
  const old = { version: '1', manifest: '1'.repeat(64) };
  const before = ['amd64', 'arm64'].map((architecture) => {
    return { target: target(architecture), name: 'lab-hello', old: null, new: old };
  });
  const context = byWorker('change-request/CR-1');
  const apply = { type: 'ApplyChange', changeRequest: 'CR-1', changes: before, context } as const;
  await writer.decideAndAppend(releasePolicy, policy, apply);
  const stream = changeRequestStream('CR-2');
  await writer.decideAndAppend(changeRequest, stream, {
    type: 'DraftChange',
    id: 'CR-2',
    ring: 'default',
    items: [{ format: 'snap', name: 'lab-hello', channel: 'latest/stable', version: '2' }],
    submit: true,
    context: byPerson('Ana', ['author']),
  });
  const reactor = captureReactor({ writer, capture, clock: new StoppedClock('2026-11-22T12:48:14.123Z') });
  for await (const { bytes } of store.readStream(stream))
    await reactor.handle({ envelope: decodeEvent(bytes) });

  expect(asked).toEqual(['snap 1 2 6000']);
  const { state } = await writer.load(changeRequest, stream);
  if (state.status !== 'captured') throw new Error(state.status);
  const difference = {
    lines: [{ what: 'base', old: '1'.repeat(64), new: '2'.repeat(64) }],
    marks: [{ code: 'base', text: 'another' }],
  };
  expect(state.changes).toMatchObject([{ difference }, { difference }]);
  const other = state.changes.map((change) => ({ ...change, difference: { ...difference, marks: [] } }));
  expect(digestOf(state)).toBe(state.recordDigest);
  expect(digestOf({ ...state, changes: other })).not.toBe(state.recordDigest);

  await writer.decideAndAppend(releasePolicy, policy, {
    ...apply,
    changeRequest: 'CR-2',
    changes: state.changes,
  });
  const events = [];
  for await (const { bytes } of store.readStream(policy)) events.push(decodeEvent(bytes));
  expect(
    events.map(({ data }) =>
      Object.keys(data ?? {})
        .sort()
        .join(' '),
    ),
  ).toEqual(events.map(() => 'changeRequest name new old target'));
});
